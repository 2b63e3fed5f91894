#include "COnnxRuntime.h"
#include "LogMel.h"
#include "Runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct agentos_whisper {
    runtime runtime;
    void *encoder;
    void *decoder;
    agentos_whisper_sizes sizes;
    log_mel *tables;
    // The names of the encoder's tensors, keys before values.
    char cross_names[2 * AGENTOS_MOST_LAYERS][24];
};

// What one clip needs: the encoder's account of the sound, the decoder's memory before and after a step, and the scores of the next token.
struct agentos_clip {
    const agentos_whisper *whisper;
    void *options;
    float *features;
    int32_t feature_capacity;
    float *cross[2];
    int64_t positions;
    float *memory[2][2];
    int newest;
    // The tokens that fit into the memory as it is shaped for this clip.
    int64_t places;
    int64_t offset;
    float *scores;
    int32_t rows;
};

static const char *const memory_names[] = {"in_n_layer_self_k_cache", "in_n_layer_self_v_cache"};
static const char *const new_memory_names[] = {"out_n_layer_self_k_cache", "out_n_layer_self_v_cache"};

// Tensors that the encoder gives.
static int32_t cross_count(const agentos_whisper_sizes *sizes) { return sizes->heads ? 2 * sizes->text_layers : 2; }

agentos_whisper *agentos_whisper_open(
    const char *library, const char *encoder, const char *decoder, const agentos_whisper_sizes *sizes, int32_t threads, char *error,
    size_t error_size) {
    complaint complaint = {error, error_size};
    agentos_whisper *whisper = calloc(1, sizeof *whisper);
    if (!whisper) return NULL;
    whisper->sizes = *sizes;
    for (int32_t i = 0; i < cross_count(sizes); i++) {
        char part = i < cross_count(sizes) / 2 ? 'k' : 'v', *name = whisper->cross_names[i];
        if (sizes->heads) snprintf(name, sizeof *whisper->cross_names, "n_layer_cross_%c_%d", part, (int)(i % sizes->text_layers));
        else snprintf(name, sizeof *whisper->cross_names, "n_layer_cross_%c", part);
    }
    if ((whisper->tables = log_mel_open(sizes->features)) && runtime_open(&whisper->runtime, library, complaint) &&
        (whisper->encoder = session_open(&whisper->runtime, encoder, threads, complaint)) &&
        (whisper->decoder = session_open(&whisper->runtime, decoder, threads, complaint))) {
        return whisper;
    }
    agentos_whisper_close(whisper);
    return NULL;
}

void agentos_whisper_close(agentos_whisper *whisper) {
    if (whisper->runtime.api) {
        release(whisper->runtime.api, RELEASE_SESSION, whisper->encoder);
        release(whisper->runtime.api, RELEASE_SESSION, whisper->decoder);
    }
    runtime_close(&whisper->runtime);
    log_mel_close(whisper->tables);
    free(whisper);
}

// Numbers in one half, keys or values, of the decoder's memory.
static size_t memory_count(const agentos_whisper_sizes *sizes) {
    return (size_t)sizes->text_layers * sizes->text_positions * sizes->text_width;
}

agentos_clip *agentos_clip_open(const agentos_whisper *whisper) {
    const agentos_whisper_sizes *sizes = &whisper->sizes;
    function_table api = whisper->runtime.api;
    agentos_clip *clip = calloc(1, sizeof *clip);
    if (!clip) return NULL;
    clip->whisper = whisper;
    char ignored[1];
    bool complete = succeeded(api, ((status(*)(void **))api[CREATE_RUN_OPTIONS])(&clip->options), (complaint){ignored, sizeof ignored});
    // A run that is stopped is no error worth a line on the standard error.
    status (*quiet)(void *, int) = (status(*)(void *, int))api[SET_LOG_SEVERITY];
    if (complete) succeeded(api, quiet(clip->options, LOG_FATAL_ONLY), (complaint){ignored, sizeof ignored});
    for (int i = 0; i < 4; i++) complete &= (clip->memory[i / 2][i % 2] = calloc(memory_count(sizes), sizeof(float))) != NULL;
    complete &= (clip->scores = malloc(AGENTOS_MOST_TOKENS * (size_t)sizes->vocabulary * sizeof(float))) != NULL;
    if (complete) return clip;
    agentos_clip_close(clip);
    return NULL;
}

void agentos_clip_close(agentos_clip *clip) {
    release(clip->whisper->runtime.api, RELEASE_RUN_OPTIONS, clip->options);
    for (int i = 0; i < 4; i++) free(clip->memory[i / 2][i % 2]);
    for (int i = 0; i < 2; i++) free(clip->cross[i]);
    free(clip->features);
    free(clip->scores);
    free(clip);
}

static void set_terminate(agentos_clip *clip, int slot) {
    function_table api = clip->whisper->runtime.api;
    char ignored[1];
    succeeded(api, ((status(*)(void *))api[slot])(clip->options), (complaint){ignored, sizeof ignored});
}

void agentos_clip_stop(agentos_clip *clip) { set_terminate(clip, SET_TERMINATE); }

void agentos_clip_reset(agentos_clip *clip) { set_terminate(clip, UNSET_TERMINATE); }

// What the encoder gives and the decoder takes; returns the tensor behind the last one.
static tensor *write_cross(const agentos_clip *clip, tensor *next) {
    const agentos_whisper_sizes *sizes = &clip->whisper->sizes;
    const int64_t layers = sizes->text_layers, positions = clip->positions, width = sizes->text_width, heads = sizes->heads;
    const size_t count = (size_t)positions * width;
    for (int32_t i = 0; i < cross_count(sizes); i++) {
        const char *name = clip->whisper->cross_names[i];
        if (!heads) {
            *next++ = (tensor){name, clip->cross[i], layers * count * sizeof(float), {layers, 1, positions, width}, 4, ELEMENT_FLOAT};
            continue;
        }
        bool keys = i < layers;
        float *data = clip->cross[keys ? 0 : 1] + i % layers * count;
        int64_t size = width / heads;
        *next++ = (tensor){name, data, count * sizeof(float), {1, heads, keys ? size : positions, keys ? positions : size}, 4, ELEMENT_FLOAT};
    }
    return next;
}

static tensor memory_tensor(const agentos_clip *clip, const char *name, float *data) {
    const agentos_whisper_sizes *sizes = &clip->whisper->sizes;
    return (tensor){name,
                    data,
                    (size_t)sizes->text_layers * clip->places * sizes->text_width * sizeof(float),
                    {sizes->text_layers, 1, clip->places, sizes->text_width},
                    4,
                    ELEMENT_FLOAT};
}

// Makes room for so many frames, and for what the encoder makes of them.
static bool make_room(agentos_clip *clip, int32_t frames) {
    const agentos_whisper_sizes *sizes = &clip->whisper->sizes;
    // The second convolution halves the frames.
    clip->positions = (frames + 1) / 2;
    if (frames <= clip->feature_capacity) return true;
    clip->feature_capacity = 0;
    free(clip->features);
    clip->features = malloc((size_t)sizes->features * frames * sizeof(float));
    bool complete = clip->features != NULL;
    for (int half = 0; half < 2; half++) {
        free(clip->cross[half]);
        clip->cross[half] = malloc((size_t)sizes->text_layers * clip->positions * sizes->text_width * sizeof(float));
        complete &= clip->cross[half] != NULL;
    }
    if (complete) clip->feature_capacity = frames;
    return complete;
}

// The memory for so many tokens, in steps, so that clips of like length have like shapes.
static int64_t places_for(const agentos_whisper_sizes *sizes, int32_t tokens) {
    int64_t places = ((int64_t)tokens + 31) / 32 * 32;
    return !sizes->heads || places > sizes->text_positions ? sizes->text_positions : places;
}

bool agentos_clip_encode(
    agentos_clip *clip, const float *samples, int32_t count, int32_t padding, int32_t tokens, char *error, size_t error_size) {
    const agentos_whisper *whisper = clip->whisper;
    const agentos_whisper_sizes *sizes = &whisper->sizes;
    int32_t own = log_mel_frames(count), frames = own + padding;
    if (frames > AGENTOS_MOST_FRAMES) frames = AGENTOS_MOST_FRAMES;
    clip->offset = 0;
    clip->places = places_for(sizes, tokens);
    if (!make_room(clip, frames) || !log_mel_compute(whisper->tables, samples, count, frames, clip->features)) {
        snprintf(error, error_size, "out of memory, or the clip is empty");
        return false;
    }
    tensor input = {"mel", clip->features, (size_t)sizes->features * frames * sizeof(float), {1, sizes->features, frames}, 3, ELEMENT_FLOAT};
    tensor outputs[MOST_TENSORS];
    size_t output_count = write_cross(clip, outputs) - outputs;
    return session_run(&whisper->runtime, whisper->encoder, clip->options, &input, 1, outputs, output_count, (complaint){error, error_size});
}

bool agentos_clip_step(agentos_clip *clip, const int64_t *tokens, int32_t count, char *error, size_t error_size) {
    const agentos_whisper *whisper = clip->whisper;
    const agentos_whisper_sizes *sizes = &whisper->sizes;
    if (count < 1 || count > AGENTOS_MOST_TOKENS || clip->offset + count > clip->places) {
        snprintf(error, error_size, "the decoder has room for %d tokens", (int)clip->places);
        return false;
    }
    int from = clip->newest, to = 1 - from;
    tensor inputs[MOST_TENSORS] = {
        {"tokens", (void *)tokens, count * sizeof *tokens, {1, count}, 2, ELEMENT_INT64},
        memory_tensor(clip, memory_names[0], clip->memory[from][0]),
        memory_tensor(clip, memory_names[1], clip->memory[from][1]),
        {"offset", &clip->offset, sizeof clip->offset, {1}, 1, ELEMENT_INT64},
    };
    size_t input_count = write_cross(clip, inputs + 4) - inputs;
    size_t row = (size_t)sizes->vocabulary;
    tensor outputs[] = {
        {"logits", clip->scores, count * row * sizeof(float), {1, count, sizes->vocabulary}, 3, ELEMENT_FLOAT},
        memory_tensor(clip, new_memory_names[0], clip->memory[to][0]),
        memory_tensor(clip, new_memory_names[1], clip->memory[to][1]),
    };
    if (!session_run(&whisper->runtime, whisper->decoder, clip->options, inputs, input_count, outputs, 3, (complaint){error, error_size})) return false;
    clip->newest = to;
    clip->offset += count;
    clip->rows = count;
    return true;
}

void agentos_clip_seek(agentos_clip *clip, int32_t place) { clip->offset = place; }

size_t agentos_clip_row_count(const agentos_clip *clip) {
    return (size_t)2 * clip->whisper->sizes.text_layers * clip->whisper->sizes.text_width;
}

// Copies what the decoder remembers of the token at a place, layer by layer, keys before values: out of the clip, or into it.
static void move_row(const agentos_clip *clip, int32_t place, float *row, bool out) {
    const agentos_whisper_sizes *sizes = &clip->whisper->sizes;
    size_t width = (size_t)sizes->text_width;
    for (int half = 0; half < 2; half++) {
        for (int32_t layer = 0; layer < sizes->text_layers; layer++, row += width) {
            float *kept = clip->memory[clip->newest][half] + ((size_t)layer * clip->places + place) * width;
            memcpy(out ? row : kept, out ? kept : row, width * sizeof *row);
        }
    }
}

void agentos_clip_save(const agentos_clip *clip, int32_t place, float *row) { move_row(clip, place, row, true); }

void agentos_clip_restore(agentos_clip *clip, int32_t place, const float *row) { move_row(clip, place, (float *)row, false); }

static const float *scores_of(const agentos_clip *clip, int32_t row) {
    return clip->scores + (size_t)row * clip->whisper->sizes.vocabulary;
}

// The logarithm of the sum of the exponentials of a row of scores.
static float log_sum(const float *scores, int32_t count) {
    float best = scores[0], sum = 0;
    for (int32_t token = 1; token < count; token++) best = fmaxf(best, scores[token]);
    for (int32_t token = 0; token < count; token++) sum += expf(scores[token] - best);
    return best + logf(sum);
}

int32_t agentos_clip_likeliest(const agentos_clip *clip, int32_t count, int32_t *tokens, float *log_probabilities) {
    const int32_t vocabulary = clip->whisper->sizes.vocabulary;
    const float *scores = scores_of(clip, clip->rows - 1);
    int32_t found = 0;
    for (int32_t token = 0; token < vocabulary; token++) {
        if (found == count && !(scores[token] > scores[tokens[found - 1]])) continue;
        int32_t rank = found < count ? found++ : found - 1;
        for (; rank > 0 && scores[token] > scores[tokens[rank - 1]]; rank--) tokens[rank] = tokens[rank - 1];
        tokens[rank] = token;
    }
    float sum = log_sum(scores, vocabulary);
    for (int32_t rank = 0; rank < found; rank++) log_probabilities[rank] = scores[tokens[rank]] - sum;
    return found;
}

float agentos_clip_log_probability(const agentos_clip *clip, int32_t row, int32_t token) {
    const float *scores = scores_of(clip, row);
    return scores[token] - log_sum(scores, clip->whisper->sizes.vocabulary);
}
