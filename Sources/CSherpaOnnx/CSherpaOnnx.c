#include "CSherpaOnnx.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The layout of SherpaOnnxOfflineRecognizerConfig as far as Whisper needs it. What is left zero means "not used" to the engine.
typedef struct {
    int32_t sample_rate;
    int32_t feature_dim;
    const char *other_models_1[5];
    struct {
        const char *encoder;
        const char *decoder;
        const char *language;
        const char *task;
        int32_t tail_paddings;
        int32_t enable_token_timestamps;
        int32_t enable_segment_timestamps;
    } whisper;
    const char *tdnn;
    const char *tokens;
    int32_t num_threads;
    int32_t debug;
    const char *provider;
    const char *model_type;
    const char *modeling_unit;
    const char *bpe_vocab;
    const char *telespeech_ctc;
    char other_models_2[352];
    const char *lm_model;
    float lm_scale;
    const char *decoding_method;
    char other_settings[88];
} recognizer_config;

_Static_assert(sizeof(void *) == 8, "the layout is that of 64-bit machines");
_Static_assert(offsetof(recognizer_config, whisper) == 48, "whisper");
_Static_assert(offsetof(recognizer_config, whisper.tail_paddings) == 80, "whisper.tail_paddings");
_Static_assert(offsetof(recognizer_config, tdnn) == 96, "tdnn");
_Static_assert(offsetof(recognizer_config, tokens) == 104, "tokens");
_Static_assert(offsetof(recognizer_config, num_threads) == 112, "num_threads");
_Static_assert(offsetof(recognizer_config, provider) == 120, "provider");
_Static_assert(offsetof(recognizer_config, model_type) == 128, "model_type");
_Static_assert(offsetof(recognizer_config, other_models_2) == 160, "sense_voice and the rest");
_Static_assert(offsetof(recognizer_config, lm_model) == 512, "lm_config");
_Static_assert(offsetof(recognizer_config, decoding_method) == 528, "decoding_method");
_Static_assert(sizeof(recognizer_config) == 624, "the whole");

// The beginning of SherpaOnnxOfflineRecognizerResult.
typedef struct {
    const char *text;
} recognizer_result;

struct agentos_sherpa {
    const void *(*create_recognizer)(const recognizer_config *);
    void (*destroy_recognizer)(const void *);
    void (*set_config)(const void *recognizer, const recognizer_config *);
    const void *(*create_stream)(const void *recognizer);
    void (*destroy_stream)(const void *);
    void (*accept_waveform)(const void *stream, int32_t rate, const float *samples, int32_t count);
    void (*decode_stream)(const void *recognizer, const void *stream);
    const recognizer_result *(*get_result)(const void *stream);
    void (*destroy_result)(const recognizer_result *);
};

struct agentos_whisper {
    agentos_sherpa library;
    const void *recognizer;
};

static bool resolve(void *handle, const char *name, void *function, char *error, size_t error_size) {
    void *found = dlsym(handle, name);
    if (!found) {
        snprintf(error, error_size, "the library has no %s", name);
        return false;
    }
    memcpy(function, &found, sizeof found);
    return true;
}

agentos_sherpa *agentos_sherpa_open(const char *path, char *error, size_t error_size) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(error, error_size, "%s", dlerror());
        return NULL;
    }
    const char *(*version)(void) = NULL;
    agentos_sherpa found = {0};
    bool complete =
        resolve(handle, "SherpaOnnxGetVersionStr", &version, error, error_size) &&
        resolve(handle, "SherpaOnnxCreateOfflineRecognizer", &found.create_recognizer, error, error_size) &&
        resolve(handle, "SherpaOnnxDestroyOfflineRecognizer", &found.destroy_recognizer, error, error_size) &&
        resolve(handle, "SherpaOnnxOfflineRecognizerSetConfig", &found.set_config, error, error_size) &&
        resolve(handle, "SherpaOnnxCreateOfflineStream", &found.create_stream, error, error_size) &&
        resolve(handle, "SherpaOnnxDestroyOfflineStream", &found.destroy_stream, error, error_size) &&
        resolve(handle, "SherpaOnnxAcceptWaveformOffline", &found.accept_waveform, error, error_size) &&
        resolve(handle, "SherpaOnnxDecodeOfflineStream", &found.decode_stream, error, error_size) &&
        resolve(handle, "SherpaOnnxGetOfflineStreamResult", &found.get_result, error, error_size) &&
        resolve(handle, "SherpaOnnxDestroyOfflineRecognizerResult", &found.destroy_result, error, error_size);
    if (!complete) return NULL;
    // Another version may lay the configuration out otherwise, and would read past its end.
    if (strcmp(version(), "2.0.1") != 0) {
        snprintf(error, error_size, "the library is version %.32s; 2.0.1 is needed", version());
        return NULL;
    }
    agentos_sherpa *library = malloc(sizeof *library);
    if (library) *library = found;
    return library;
}

static recognizer_config config_of(const agentos_whisper_options *options) {
    recognizer_config config = {0};
    config.sample_rate = 16000;
    config.feature_dim = 80;
    config.whisper.encoder = options->encoder;
    config.whisper.decoder = options->decoder;
    config.whisper.language = options->language;
    config.whisper.task = "transcribe";
    config.whisper.tail_paddings = options->tail_paddings;
    config.tokens = options->tokens;
    config.num_threads = options->threads;
    config.provider = "cpu";
    config.model_type = "whisper";
    config.decoding_method = "greedy_search";
    return config;
}

agentos_whisper *agentos_whisper_create(const agentos_sherpa *library, const agentos_whisper_options *options) {
    recognizer_config config = config_of(options);
    agentos_whisper *whisper = malloc(sizeof *whisper);
    if (!whisper) return NULL;
    whisper->library = *library;
    whisper->recognizer = library->create_recognizer(&config);
    if (!whisper->recognizer) {
        free(whisper);
        return NULL;
    }
    return whisper;
}

void agentos_whisper_set(const agentos_whisper *whisper, const agentos_whisper_options *options) {
    recognizer_config config = config_of(options);
    whisper->library.set_config(whisper->recognizer, &config);
}

char *agentos_whisper_decode(const agentos_whisper *whisper, const float *samples, int32_t count, int32_t rate) {
    const agentos_sherpa *library = &whisper->library;
    const void *stream = library->create_stream(whisper->recognizer);
    if (!stream) return NULL;
    library->accept_waveform(stream, rate, samples, count);
    library->decode_stream(whisper->recognizer, stream);
    const recognizer_result *result = library->get_result(stream);
    char *text = result && result->text ? strdup(result->text) : NULL;
    if (result) library->destroy_result(result);
    library->destroy_stream(stream);
    return text;
}

void agentos_whisper_destroy(agentos_whisper *whisper) {
    whisper->library.destroy_recognizer(whisper->recognizer);
    free(whisper);
}
