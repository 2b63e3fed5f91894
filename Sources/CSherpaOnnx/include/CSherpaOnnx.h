/// The little of sherpa-onnx that is used here: Whisper recognition, one clip at a time, from a library opened at run time.
///
/// The declarations are our own. The layout behind them is that of sherpa-onnx 2.0.1 on 64-bit machines.
/// sherpa-onnx ends the process on models it dislikes, so callers validate and try a model in a child process first.

#ifndef CSHERPAONNX_H
#define CSHERPAONNX_H

#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#define AGENTOS_NONNULL _Nonnull
#define AGENTOS_NULLABLE _Nullable
#else
#define AGENTOS_NONNULL
#define AGENTOS_NULLABLE
#endif

/// A sherpa-onnx library that has been opened; never closed again.
typedef struct agentos_sherpa agentos_sherpa;

/// A Whisper model in memory.
typedef struct agentos_whisper agentos_whisper;

/// What a recogniser is made from. Paths and texts need to live only during the call that takes this.
typedef struct agentos_whisper_options {
    const char *AGENTOS_NONNULL encoder;
    const char *AGENTOS_NONNULL decoder;
    const char *AGENTOS_NONNULL tokens;
    /// An ISO 639-1 code; empty makes a multilingual model guess, and a model of one language ignores it.
    const char *AGENTOS_NONNULL language;
    /// Frames (10 ms) of silence added to each clip; -1 for the engine's own choice (1000).
    int32_t tail_paddings;
    /// Threads inside one decode.
    int32_t threads;
} agentos_whisper_options;

/// Opens the library at `path`; NULL and one line in `error` when it is not there or is another version.
agentos_sherpa *AGENTOS_NULLABLE agentos_sherpa_open(
    const char *AGENTOS_NONNULL path, char *AGENTOS_NONNULL error, size_t error_size);

/// Loads a model; NULL when the engine refuses it. It may end the process instead.
agentos_whisper *AGENTOS_NULLABLE agentos_whisper_create(
    const agentos_sherpa *AGENTOS_NONNULL library, const agentos_whisper_options *AGENTOS_NONNULL options);

/// Makes a model expect another language, which `options` gives beside what it was loaded with; nothing may be decoding meanwhile.
void agentos_whisper_set(
    const agentos_whisper *AGENTOS_NONNULL whisper, const agentos_whisper_options *AGENTOS_NONNULL options);

/// Reads one clip of mono samples from -1 to 1 at `rate` Hz; the text is to be freed with `free`; NULL when the engine failed.
char *AGENTOS_NULLABLE agentos_whisper_decode(
    const agentos_whisper *AGENTOS_NONNULL whisper, const float *AGENTOS_NONNULL samples, int32_t count, int32_t rate);

/// Unloads a model that nothing decodes with any more.
void agentos_whisper_destroy(agentos_whisper *AGENTOS_NONNULL whisper);

#endif
