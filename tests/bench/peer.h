// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file peer.h
   The same products and gates by RTNeural, with Eigen: a GRU, a dense layer for the heads' hidden layers, and
   one for each head's outputs.  Built only where make is told RTNEURAL=path of its sources; nothing is
   fetched.
*/

#ifndef CN_PEER_H
#define CN_PEER_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CnPeer CnPeer;

/// Make one: GRU of `hidden`, four heads of `head`, each with its number of outputs.  Thread: INIT
CnPeer*
cn_peer_new(int hidden, int head, const int n_outputs[4]);

/// Free one; null is allowed.  Thread: INIT
void
cn_peer_free(CnPeer* peer);

/// Compute a note.  Thread: ENGINE
void
cn_peer_note(CnPeer* peer);

#ifdef __cplusplus
}
#endif

#endif // CN_PEER_H
