// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/network.h"

#include "dsp/kernel/kernels.h"
#include "dsp/kernel/linear.h"
#include "dsp/network/adaptation.h"
#include "dsp/network/trunk.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct CnNetwork {
  const CnModel* model;
  CnTrunk*       trunk;
  CnAdaptation*  adaptation; // Null if the model does not learn while it listens
  uint32_t       n_notes;    // Absorbed
  size_t         head;       // D
  bool           is_primed;  // The heads' part that is the same for all sites is up to date
  float*         primed;     // (4 * D) hidden layers before tables and ReLU
  float*         scratch;    // (D)
  float          outputs[CN_MAX_OUTPUTS];
  float          arena[];
};

CnNetwork*
cn_network_new(const CnModel* const model, const uint32_t capacity)
{
  const CnShape* const shape   = &cn_model_layout(model)->shape;
  const size_t         n       = ((size_t)CN_N_FACTORS + 1U) * shape->head;
  CnNetwork* const     network = calloc(1, sizeof(CnNetwork) + n * sizeof(float));
  if (!network) {
    return NULL;
  }

  network->model   = model;
  network->trunk   = cn_trunk_new(model, capacity);
  network->head    = shape->head;
  network->primed  = network->arena;
  network->scratch = network->primed + CN_N_FACTORS * network->head;

  const bool learns   = cn_model_adaptation(model) > 0.0F;
  network->adaptation = learns ? cn_adaptation_new(model, capacity) : NULL;
  if (!network->trunk || (learns && !network->adaptation)) {
    cn_network_free(network);
    return NULL;
  }
  return network;
}

void
cn_network_free(CnNetwork* const network)
{
  if (network) {
    cn_trunk_free(network->trunk);
    cn_adaptation_free(network->adaptation);
    free(network);
  }
}

void
cn_network_begin(CnNetwork* const network)
{
  cn_trunk_begin(network->trunk);
  if (network->adaptation) {
    cn_adaptation_begin(network->adaptation);
  }
  network->n_notes   = 0;
  network->is_primed = false;
}

// Whether the next note has yet to be learnt, if it is to be.  A trunk may go back further than what was
// learnt
static bool
is_new(const CnNetwork* const network)
{
  return network->adaptation && cn_adaptation_place(network->adaptation) == network->n_notes;
}

void
cn_network_absorb(CnNetwork* const network, const CnNoteInput* const input)
{
  cn_trunk_absorb(network->trunk, input);
  if (is_new(network)) {
    cn_adaptation_go_on(network->adaptation);
  }
  ++network->n_notes;
  network->is_primed = false;
}

uint32_t
cn_network_go_back(CnNetwork* const network, const uint32_t n)
{
  network->is_primed = false;
  network->n_notes   = cn_trunk_go_back(
        network->trunk, network->adaptation ? cn_adaptation_go_back(network->adaptation, n) : n);
  return network->n_notes;
}

static void
prime_heads(CnNetwork* const network)
{
  const CnLinear linear = cn_model_linear(network->model, CN_WEIGHT_HIDDEN, CN_WEIGHT_HIDDEN_BIAS);
  cn_linear_apply(&linear, cn_trunk_vector(network->trunk), network->primed);
  network->is_primed = true;
}

void
cn_network_logits(CnNetwork* const network, const CnFactor factor, const CnHeadInput* const site,
                  float* const logits)
{
  if (!network->is_primed) {
    prime_heads(network);
  }

  const CnModel* const model = network->model;
  const size_t         head  = network->head;
  const CnLinear       table = cn_model_linear(model, cn_head_weight(factor, CN_HEAD_TABLE), CN_N_WEIGHTS);

  memcpy(network->scratch, network->primed + (size_t)factor * head, head * sizeof(float));
  if (network->adaptation) {
    cn_axpy(head, 1.0F, cn_adaptation_vector(network->adaptation, factor), network->scratch);
  }
  cn_linear_add_rows(&table, site->row, site->n_rows, network->scratch);
  if (site->n_textures) {
    const CnLinear textures = cn_model_linear(model, CN_WEIGHT_TEXTURE, CN_N_WEIGHTS);
    cn_linear_add_rows(&textures, site->texture, site->n_textures, network->scratch);
  }
  if (site->n_chords) {
    const CnLinear chords = cn_model_linear(model, CN_WEIGHT_CHORD, CN_N_WEIGHTS);
    cn_linear_add_rows(&chords, site->chord, site->n_chords, network->scratch);
  }
  if (site->n_followings) {
    const CnLinear following = cn_model_linear(model, CN_WEIGHT_FOLLOWING, CN_N_WEIGHTS);
    cn_linear_add_rows(&following, site->following, site->n_followings, network->scratch);
  }
  if (site->has_chroma) {
    cn_linear_add_weighted(&table, CN_PITCH_CHROMA, CN_N_CHROMA, site->chroma, network->scratch);
  }
  cn_relu(head, network->scratch);

  float* const   y = network->outputs;
  const CnLinear out =
      cn_model_linear(model, cn_head_weight(factor, CN_HEAD_OUT), cn_head_weight(factor, CN_HEAD_OUT_BIAS));
  cn_linear_apply(&out, network->scratch, y);
  cn_site_add_copies(site, factor, y);
  memcpy(logits, y, cn_factor_classes(factor) * sizeof(float));
}

// As cn_network_surprise(), of a site
static double
find_surprise(CnNetwork* const network, const CnFactor factor, const CnHeadInput* const site,
              const unsigned symbol, float* const p)
{
  if (symbol < site->lowest) { // The same key twice at once, or what comes before it: no head can say so
    memset(p, 0, cn_factor_classes(factor) * sizeof(float));
    return HUGE_VAL;
  }
  cn_network_logits(network, factor, site, p);
  const float logit = p[symbol];
  return (double)cn_softmax(cn_factor_classes(factor), site->lowest, p) - (double)logit;
}

double
cn_network_surprise(CnNetwork* const network, const CnContext* const context, const CnFactor factor,
                    const CnConditioning* const next, const unsigned symbol, float* const p)
{
  CnHeadInput site;
  cn_context_head(context, factor, next, &site);
  return find_surprise(network, factor, &site, symbol, p);
}

double
cn_network_learn(CnNetwork* const network, const CnContext* const context, const CnFactor factor,
                 const CnConditioning* const next, const unsigned symbol, float* const p)
{
  CnHeadInput site;
  cn_context_head(context, factor, next, &site);
  const double nats = find_surprise(network, factor, &site, symbol, p);
  if (is_new(network) && symbol >= site.lowest) {
    cn_adaptation_learn(network->adaptation, factor, &site, p, network->scratch, symbol);
  }
  return nats;
}

const float*
cn_network_vector(const CnNetwork* const network)
{
  return cn_trunk_vector(network->trunk);
}

size_t
cn_network_size(const CnNetwork* const network)
{
  return sizeof(CnNetwork) + (CN_N_FACTORS + 1U) * network->head * sizeof(float) +
         cn_trunk_size(network->trunk) + (network->adaptation ? cn_adaptation_size(network->adaptation) : 0U);
}
