/// Silero's voice activity network run by ONNX Runtime, for tests to compare our own with.

#ifndef CONNXREFERENCE_H
#define CONNXREFERENCE_H

#include <stdbool.h>

#if __has_feature(nullability)
#define AGENTOS_NONNULL _Nonnull
#define AGENTOS_NULLABLE _Nullable
#else
#define AGENTOS_NONNULL
#define AGENTOS_NULLABLE
#endif

typedef struct agentos_reference agentos_reference;

/// Loads the model with the library at `library`; NULL if either cannot be used.
agentos_reference *AGENTOS_NULLABLE agentos_reference_open(const char *AGENTOS_NONNULL library, const char *AGENTOS_NONNULL model);

/// Judges 288 samples and replaces the 256 numbers of the state; the probability of speech, or -1 on failure.
float agentos_reference_run(const agentos_reference *AGENTOS_NONNULL reference, const float *AGENTOS_NONNULL input, float *AGENTOS_NONNULL state);

/// Unloads it.
void agentos_reference_close(agentos_reference *AGENTOS_NONNULL reference);

#endif
