/// The little of ONNX Runtime that is used here: one voice activity model, run on one window, from a library opened at run time.
///
/// The declarations are our own. ONNX Runtime's functions lie in a table to which versions only ever append, so they are taken by their place.

#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#if __has_feature(nullability)
#define AGENTOS_NONNULL _Nonnull
#define AGENTOS_NULLABLE _Nullable
#else
#define AGENTOS_NONNULL
#define AGENTOS_NULLABLE
#endif

/// Samples that the model takes at once: 32 of the window before and 256 new ones, at 8,000 Hz.
#define AGENTOS_VAD_INPUT 288
/// Numbers in the model's memory, shaped [2, 1, 128].
#define AGENTOS_VAD_STATE 256

/// A Silero voice activity model in memory. Any number of threads may run it at once, each with its own state.
typedef struct agentos_vad agentos_vad;

/// Loads the model with the library at `library`; NULL and one line in `error` when either cannot be used.
agentos_vad *AGENTOS_NULLABLE agentos_vad_open(
    const char *AGENTOS_NONNULL library, const char *AGENTOS_NONNULL model, char *AGENTOS_NONNULL error, size_t error_size);

/// Judges one window: takes the input and the state, and gives the state after it and the probability of speech; false and one line on failure.
bool agentos_vad_run(
    const agentos_vad *AGENTOS_NONNULL vad, const float *AGENTOS_NONNULL input, float *AGENTOS_NONNULL state,
    float *AGENTOS_NONNULL probability, char *AGENTOS_NONNULL error, size_t error_size);

/// Unloads a model that nothing runs any more.
void agentos_vad_destroy(agentos_vad *AGENTOS_NONNULL vad);

#endif
