/// The little of ONNX Runtime that is used here: Whisper's encoder and decoder, run on one clip, from a library opened at run time.
///
/// The declarations are our own. ONNX Runtime's functions lie in a table to which versions only ever append, so they are taken by their place.

#ifndef CONNXRUNTIME_H
#define CONNXRUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#define AGENTOS_NONNULL _Nonnull
#define AGENTOS_NULLABLE _Nullable
#else
#define AGENTOS_NONNULL
#define AGENTOS_NULLABLE
#endif

/// The most tokens that one step of the decoder takes.
#define AGENTOS_MOST_TOKENS 4

/// What the tensors of a Whisper model are shaped by, as its encoder's metadata has it.
typedef struct agentos_whisper_sizes {
    /// Features of a frame: `n_mels`.
    int32_t features;
    /// Layers of the decoder: `n_text_layer`.
    int32_t text_layers;
    /// The most tokens that the decoder remembers: `n_text_ctx`.
    int32_t text_positions;
    /// Numbers that it remembers of each: `n_text_state`.
    int32_t text_width;
    /// Tokens that there are: `n_vocab`.
    int32_t vocabulary;
    /// Heads of the decoder's attention (`n_text_head`), if the model is in our own layout: what the encoder says of the sound is apart by layers and
    /// heads, and the decoder's memory may be as small as the clip needs, because each step copies it. 0 in sherpa-onnx's layout.
    int32_t heads;
} agentos_whisper_sizes;

/// The most layers of a decoder in our own layout; Whisper `large` has as many.
#define AGENTOS_MOST_LAYERS 32

/// A Whisper model in memory. Any number of clips may be read with it at once.
typedef struct agentos_whisper agentos_whisper;

/// One clip that is being read, by one thread at a time; after ``agentos_clip_encode`` it can be used for another.
typedef struct agentos_clip agentos_clip;

/// Loads a model; `threads` work on each run. NULL and one line in `error` when it cannot be used.
agentos_whisper *AGENTOS_NULLABLE agentos_whisper_open(
    const char *AGENTOS_NONNULL library, const char *AGENTOS_NONNULL encoder, const char *AGENTOS_NONNULL decoder,
    const agentos_whisper_sizes *AGENTOS_NONNULL sizes, int32_t threads, char *AGENTOS_NONNULL error, size_t error_size);

/// Unloads a model that nothing reads with any more.
void agentos_whisper_close(agentos_whisper *AGENTOS_NONNULL whisper);

/// Makes room for a clip; NULL if memory runs out.
agentos_clip *AGENTOS_NULLABLE agentos_clip_open(const agentos_whisper *AGENTOS_NONNULL whisper);

/// Frees the room.
void agentos_clip_close(agentos_clip *AGENTOS_NONNULL clip);

/// The most frames of 10 ms, silence included, that a Whisper model takes.
#define AGENTOS_MOST_FRAMES 3000

/// Takes in a clip: `count` samples from -1 to 1 at 16 kHz, and `padding` frames (10 ms) of silence. The decoder then has room for `tokens`.
/// False and one line on failure.
bool agentos_clip_encode(
    agentos_clip *AGENTOS_NONNULL clip, const float *AGENTOS_NONNULL samples, int32_t count, int32_t padding, int32_t tokens,
    char *AGENTOS_NONNULL error, size_t error_size);

/// Goes on by `count` tokens, and scores for each of them what may follow it; false and one line on failure.
bool agentos_clip_step(
    agentos_clip *AGENTOS_NONNULL clip, const int64_t *AGENTOS_NONNULL tokens, int32_t count, char *AGENTOS_NONNULL error, size_t error_size);

/// Has the next step follow the first `place` tokens; the sound stays.
void agentos_clip_seek(agentos_clip *AGENTOS_NONNULL clip, int32_t place);

/// How many numbers the decoder remembers of one token.
size_t agentos_clip_row_count(const agentos_clip *AGENTOS_NONNULL clip);

/// Copies what the decoder remembers of the token at `place` to `row`, of ``agentos_clip_row_count`` numbers.
void agentos_clip_save(const agentos_clip *AGENTOS_NONNULL clip, int32_t place, float *AGENTOS_NONNULL row);

/// Has the decoder remember such a row for the token at `place`.
void agentos_clip_restore(agentos_clip *AGENTOS_NONNULL clip, int32_t place, const float *AGENTOS_NONNULL row);

/// The `count` likeliest tokens to follow the last one that ``agentos_clip_step`` took, likeliest first, with the logarithms of their probabilities.
/// Returns how many there are.
int32_t agentos_clip_likeliest(
    const agentos_clip *AGENTOS_NONNULL clip, int32_t count, int32_t *AGENTOS_NONNULL tokens, float *AGENTOS_NONNULL log_probabilities);

/// The logarithm of the probability that `token` follows the token at place `row` among those that ``agentos_clip_step`` took.
float agentos_clip_log_probability(const agentos_clip *AGENTOS_NONNULL clip, int32_t row, int32_t token);

/// Makes what runs for the clip, and what is begun for it from now on, fail soon; from any thread.
void agentos_clip_stop(agentos_clip *AGENTOS_NONNULL clip);

/// Takes ``agentos_clip_stop`` back, for another clip in the same room.
void agentos_clip_reset(agentos_clip *AGENTOS_NONNULL clip);

#endif
