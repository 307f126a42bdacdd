// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/bench/peer.h"

#include <RTNeural/RTNeural.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

using Rows = std::vector<std::vector<float>>;

struct CnPeer {
  CnPeer(int hidden, int head, const int n_outputs[4])
      : gru(1, hidden), heads(hidden, 4 * head), head(head), state(hidden), layer(4 * head)
  {
    gru.setUVals(some(hidden, 3 * hidden));
    gru.setWVals(some(1, 3 * hidden));
    gru.reset();
    heads.setWeights(some(4 * head, hidden));
    for (int f = 0; f < 4; ++f) {
      outs.push_back(std::make_unique<RTNeural::Dense<float>>(head, n_outputs[f]));
      outs.back()->setWeights(some(n_outputs[f], head));
      outputs.emplace_back(n_outputs[f]);
    }
  }

  // Numbers about 0, small enough that nothing saturates
  static Rows
  some(int rows, int columns)
  {
    Rows made(rows, std::vector<float>(columns));
    for (int i = 0; i < rows; ++i) {
      for (int k = 0; k < columns; ++k) {
        made[i][k] = 0.1F * std::sin(0.7F * (float)(i * columns + k));
      }
    }
    return made;
  }

  RTNeural::GRULayer<float>                            gru; // Of one input: ours are sums of rows
  RTNeural::Dense<float>                               heads;
  std::vector<std::unique_ptr<RTNeural::Dense<float>>> outs;
  int                                                  head;
  std::vector<float>                                   state;
  std::vector<float>                                   layer;
  std::vector<std::vector<float>>                      outputs;
};

CnPeer*
cn_peer_new(const int hidden, const int head, const int n_outputs[4])
{
  return new CnPeer(hidden, head, n_outputs);
}

void
cn_peer_free(CnPeer* const peer)
{
  delete peer;
}

void
cn_peer_note(CnPeer* const peer)
{
  const float input = 0.5F;
  peer->gru.forward(&input, peer->state.data());
  peer->heads.forward(peer->state.data(), peer->layer.data());
  for (float& x : peer->layer) {
    x = std::max(x, 0.0F);
  }
  for (int f = 0; f < 4; ++f) {
    peer->outs[f]->forward(peer->layer.data() + f * peer->head, peer->outputs[f].data());
  }
}
