/// Silero's voice activity network at 8 kHz, computed in plain C with vectors: one window of 32 ms at a time, without allocating.
///
/// The weights come from the published model file; reading it is the caller's work. On x86-64 the best instructions that the processor has are used.

#ifndef CVOICEACTIVITY_H
#define CVOICEACTIVITY_H

#include <stddef.h>

#if __has_feature(nullability)
#define AGENTOS_NONNULL _Nonnull
#define AGENTOS_NULLABLE _Nullable
#else
#define AGENTOS_NONNULL
#define AGENTOS_NULLABLE
#endif

/// Samples that the network takes at once: 32 of the window before and 256 new ones, at 8,000 Hz.
#define AGENTOS_VAD_INPUT 288
/// Numbers in the network's memory: 128 of output, 128 of cell.
#define AGENTOS_VAD_STATE 256
/// Numbers in the network, in the order of ``agentos_vad_open``.
#define AGENTOS_VAD_WEIGHTS 235649

/// The network's weights, arranged for the processor. Any number of threads may use them at once, each with its own state.
typedef struct agentos_vad agentos_vad;

/// Arranges the weights, which are copied; NULL if memory runs out.
///
/// The order is that of the model file, each tensor row by row: basis of the spectrum [130, 128]; weight [out, in, 3] and bias [out] of four
/// convolutions, 65 to 128, 128 to 64, 64 to 64 and 64 to 128 channels; input weights [512, 128], recurrent weights [512, 128], input bias [512] and
/// recurrent bias [512] of the LSTM, its gates in the order input, forget, cell, output; weight [128] and bias [1] of the last layer.
agentos_vad *AGENTOS_NULLABLE agentos_vad_open(const float *AGENTOS_NONNULL weights);

/// Judges one window: takes ``AGENTOS_VAD_INPUT`` samples from -1 to 1 and the state, which it replaces. Returns the probability of speech, 0 to 1.
float agentos_vad_run(const agentos_vad *AGENTOS_NONNULL vad, const float *AGENTOS_NONNULL input, float *AGENTOS_NONNULL state);

/// The same without instructions that only some processors have, to compare with.
float agentos_vad_run_portable(const agentos_vad *AGENTOS_NONNULL vad, const float *AGENTOS_NONNULL input, float *AGENTOS_NONNULL state);

/// Frees weights that nothing uses any more.
void agentos_vad_close(agentos_vad *AGENTOS_NONNULL vad);

#endif
