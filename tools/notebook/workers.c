// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/workers.h"

#include "dsp/base/random.h"
#include "dsp/kernel/kernels.h"

#include <pthread.h>
#include <stdlib.h>

#define KEY_DROPOUT 0x44524F50U

// One thread
typedef struct {
  CnNotebookWorkers*  all;
  uint32_t            index;
  pthread_t           thread;
  CnNotebookBatch     batch;
  CnNotebookGradient* gradient[CN_N_NOTEBOOK_TASKS];
  float*              out[CN_N_NOTEBOOK_TASKS]; // Its part of the gradient
  CnNotebookLoss      loss[CN_N_NOTEBOOK_TASKS];
} Worker;

struct CnNotebookWorkers {
  const CnNotebookNet*  nets;
  const CnNotebookWork* work; // Null: the end
  uint32_t              n;
  uint32_t              n_started; // The caller included
  pthread_mutex_t       gate;      // Held until all are there
  bool                  is_cancelled;
  pthread_barrier_t     barrier;
  Worker                workers[];
};

// Where a worker's part of something begins
static size_t
part(const CnNotebookWorkers* const all, const uint32_t index)
{
  return all->work->n * index / all->n;
}

// Learn from one batch; of its mean, each worker's part has the share of its windows
static void
learn(Worker* const worker)
{
  const CnNotebookWork* const work = worker->all->work;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (work->takes_part[i]) {
      const CnRandom random =
          cn_random(work->seed, KEY_DROPOUT, work->step, i + CN_N_NOTEBOOK_TASKS * worker->index, 0);
      cn_notebook_gradient_compute(worker->gradient[i], work->parameters[i], &worker->batch, work->dropout,
                                   random, &worker->loss[i], worker->out[i]);
    }
  }
}

// Write down what the timing network has foretold, and what came
static void
compare(const Worker* const worker, const float* const outputs, const size_t first)
{
  const CnNotebookWork* const work = worker->all->work;
  for (size_t b = 0; work->foretold && b < worker->batch.n_batch; ++b) {
    work->foretold[first + b] = outputs[2 * b + 1];
    work->came[first + b]     = worker->batch.timing[2 * b + 1];
  }
}

static void
evaluate(Worker* const worker, const size_t first)
{
  const CnNotebookWork* const work = worker->all->work;
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (work->takes_part[i]) {
      const float* const outputs = cn_notebook_gradient_evaluate(worker->gradient[i], work->parameters[i],
                                                                 &worker->batch, &worker->loss[i]);
      if (i == CN_NOTEBOOK_TIMING) {
        compare(worker, outputs, first);
      }
    }
  }
}

static void
do_part(Worker* const worker)
{
  const CnNotebookWork* const work = worker->all->work;
  const size_t                end  = part(worker->all, worker->index + 1);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    worker->loss[i] = (CnNotebookLoss){0.0, 0.0, 0.0};
  }
  for (size_t at = part(worker->all, worker->index); at < end; at += worker->batch.n_batch) {
    const size_t left = end - at;
    cn_notebook_batch_fill(&worker->batch, work->scale, work->pieces, work->targets + at,
                           left < worker->batch.capacity ? left : worker->batch.capacity);
    if (work->learns) {
      learn(worker);
    } else {
      evaluate(worker, at);
    }
  }
}

static void*
run_worker(void* const handle)
{
  Worker* const            worker = (Worker*)handle;
  CnNotebookWorkers* const all    = worker->all;
  pthread_mutex_lock(&all->gate);
  bool goes_on = !all->is_cancelled;
  pthread_mutex_unlock(&all->gate);
  while (goes_on) {
    pthread_barrier_wait(&all->barrier); // There is something to do
    goes_on = all->work;
    if (goes_on) {
      do_part(worker);
    }
    pthread_barrier_wait(&all->barrier); // All have done it
  }
  return NULL;
}

// Add the workers' gradients in the first one's
static void
add_gradients(CnNotebookWorkers* const all, const unsigned task)
{
  const size_t n   = all->nets[task].n_parameters;
  float* const sum = all->workers[0].out[task];
  for (uint32_t w = 0; w < all->n; ++w) {
    const float share = (float)(part(all, w + 1) - part(all, w)) / (float)all->work->n;
    for (size_t i = 0; !w && i < n; ++i) {
      sum[i] *= share;
    }
    if (w) {
      cn_axpy(n, share, all->workers[w].out[task], sum);
    }
  }
}

void
cn_notebook_workers_do(CnNotebookWorkers* const workers, const CnNotebookWork* const work,
                       CnNotebookLoss loss[CN_N_NOTEBOOK_TASKS])
{
  workers->work = work;
  pthread_barrier_wait(&workers->barrier);
  do_part(&workers->workers[0]);
  pthread_barrier_wait(&workers->barrier);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    for (uint32_t w = 0; w < workers->n; ++w) {
      loss[i].sum += workers->workers[w].loss[i].sum;
      loss[i].n += workers->workers[w].loss[i].n;
      loss[i].n_right += workers->workers[w].loss[i].n_right;
    }
    if (work->learns && work->takes_part[i] && workers->n > 1) {
      add_gradients(workers, i);
    }
  }
}

float*
cn_notebook_workers_gradient(CnNotebookWorkers* const workers, const CnNotebookTask task)
{
  return workers->workers[0].out[task];
}

static CnStatus
init_worker(CnNotebookWorkers* const all, const uint32_t index, const uint32_t window, const uint32_t n_batch)
{
  Worker* const worker   = &all->workers[index];
  const size_t  capacity = (n_batch + all->n - 1) / all->n;
  worker->all            = all;
  worker->index          = index;
  CN_TRY(cn_notebook_batch_init(&worker->batch, window, capacity));
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    worker->gradient[i] = cn_notebook_gradient_new(&all->nets[i], (CnNotebookTask)i, window, capacity);
    worker->out[i]      = calloc(all->nets[i].n_parameters, sizeof(float));
    if (!worker->gradient[i] || !worker->out[i]) {
      return CN_STATUS_NO_MEMORY;
    }
  }
  return CN_STATUS_SUCCESS;
}

static void
clear_worker(Worker* const worker)
{
  cn_notebook_batch_clear(&worker->batch);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    cn_notebook_gradient_free(worker->gradient[i]);
    free(worker->out[i]);
  }
}

// Start the others' threads, all or none of them
static CnStatus
start(CnNotebookWorkers* const all)
{
  pthread_mutex_lock(&all->gate);
  for (all->n_started = 1; all->n_started < all->n && !all->is_cancelled;) {
    Worker* const worker = &all->workers[all->n_started];
    if (pthread_create(&worker->thread, NULL, run_worker, worker)) {
      all->is_cancelled = true;
    } else {
      ++all->n_started;
    }
  }
  pthread_mutex_unlock(&all->gate);
  return all->is_cancelled ? CN_STATUS_NO_MEMORY : CN_STATUS_SUCCESS;
}

static void
join(CnNotebookWorkers* const all)
{
  if (!all->is_cancelled && all->n_started) {
    all->work = NULL;
    pthread_barrier_wait(&all->barrier);
    pthread_barrier_wait(&all->barrier);
  }
  for (uint32_t w = 1; w < all->n_started; ++w) {
    pthread_join(all->workers[w].thread, NULL);
  }
}

CnStatus
cn_notebook_workers_new(const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const uint32_t window,
                        const uint32_t n_batch, const uint32_t n_threads, CnNotebookWorkers** const workers)
{
  CnNotebookWorkers* const made   = calloc(1, sizeof(CnNotebookWorkers) + n_threads * sizeof(Worker));
  CnStatus                 status = made ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  *workers                        = NULL;
  if (status) {
    return status;
  }

  made->nets = nets;
  made->n    = n_threads;
  pthread_mutex_init(&made->gate, NULL);
  pthread_barrier_init(&made->barrier, NULL, n_threads);
  for (uint32_t w = 0; !status && w < n_threads; ++w) {
    status = init_worker(made, w, window, n_batch);
  }
  status = status ? status : start(made);
  if (status) {
    cn_notebook_workers_free(made);
    return status;
  }
  *workers = made;
  return CN_STATUS_SUCCESS;
}

void
cn_notebook_workers_free(CnNotebookWorkers* const workers)
{
  if (workers) {
    join(workers);
    for (uint32_t w = 0; w < workers->n; ++w) {
      clear_worker(&workers->workers[w]);
    }
    pthread_barrier_destroy(&workers->barrier);
    pthread_mutex_destroy(&workers->gate);
    free(workers);
  }
}
