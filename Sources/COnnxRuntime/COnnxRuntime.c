#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Places in the table of functions (OrtApi), all of them there since version 1.
enum {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_GRAPH_OPTIMIZATION = 23,
    SET_INTRA_THREADS = 24,
    SET_INTER_THREADS = 25,
    CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69,
    RELEASE_ENV = 92,
    RELEASE_STATUS = 93,
    RELEASE_MEMORY_INFO = 94,
    RELEASE_SESSION = 95,
    RELEASE_VALUE = 96,
    RELEASE_SESSION_OPTIONS = 100,
};

// The oldest interface that newer libraries still hand out and that has all of the above.
enum { API_VERSION = 13 };
enum { LOG_ERRORS_ONLY = 3, OPTIMIZE_ALL = 99, ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0 };
enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7 };
enum { INPUTS = 3, OUTPUTS = 2, SAMPLE_RATE = 8000 };

typedef void *status;
typedef const void *const *function_table;
typedef struct {
    const void *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} api_base;

struct agentos_vad {
    function_table api;
    void *environment;
    void *memory;
    void *session;
};

// Turns a status into a line of text and frees it; true when there was no error.
static bool succeeded(function_table api, status result, char *error, size_t error_size) {
    if (!result) return true;
    const char *(*message)(const void *) = (const char *(*)(const void *))api[GET_ERROR_MESSAGE];
    void (*release)(void *) = (void (*)(void *))api[RELEASE_STATUS];
    snprintf(error, error_size, "%s", message(result));
    release(result);
    return false;
}

static void release(function_table api, int slot, void *object) {
    if (object) ((void (*)(void *))api[slot])(object);
}

static function_table open_library(const char *path, char *error, size_t error_size) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(error, error_size, "%s", dlerror());
        return NULL;
    }
    const api_base *(*get_base)(void) = NULL;
    void *found = dlsym(handle, "OrtGetApiBase");
    if (!found) {
        snprintf(error, error_size, "the library has no OrtGetApiBase");
        return NULL;
    }
    memcpy(&get_base, &found, sizeof found);
    function_table api = get_base()->get_api(API_VERSION);
    if (!api) snprintf(error, error_size, "the library does not offer interface %d", API_VERSION);
    return api;
}

static bool create_session(agentos_vad *vad, const char *model, char *error, size_t error_size) {
    function_table api = vad->api;
    void *options = NULL;
    if (!succeeded(api, ((status(*)(void **))api[CREATE_SESSION_OPTIONS])(&options), error, error_size)) return false;
    status (*set)(void *, int) = (status(*)(void *, int))api[SET_INTRA_THREADS];
    status (*set_inter)(void *, int) = (status(*)(void *, int))api[SET_INTER_THREADS];
    status (*optimize)(void *, int) = (status(*)(void *, int))api[SET_GRAPH_OPTIMIZATION];
    status (*create)(void *, const char *, const void *, void **) =
        (status(*)(void *, const char *, const void *, void **))api[CREATE_SESSION];
    // One thread: a window takes tens of microseconds, less than handing it to another thread.
    bool created = succeeded(api, set(options, 1), error, error_size) &&
                   succeeded(api, set_inter(options, 1), error, error_size) &&
                   succeeded(api, optimize(options, OPTIMIZE_ALL), error, error_size) &&
                   succeeded(api, create(vad->environment, model, options, &vad->session), error, error_size);
    release(api, RELEASE_SESSION_OPTIONS, options);
    return created;
}

agentos_vad *agentos_vad_open(const char *library, const char *model, char *error, size_t error_size) {
    function_table api = open_library(library, error, error_size);
    if (!api) return NULL;
    agentos_vad *vad = calloc(1, sizeof *vad);
    if (!vad) return NULL;
    vad->api = api;
    status (*create_environment)(int, const char *, void **) = (status(*)(int, const char *, void **))api[CREATE_ENV];
    status (*create_memory)(int, int, void **) = (status(*)(int, int, void **))api[CREATE_CPU_MEMORY_INFO];
    if (succeeded(api, create_environment(LOG_ERRORS_ONLY, "agentos", &vad->environment), error, error_size) &&
        succeeded(api, create_memory(ARENA_ALLOCATOR, DEFAULT_MEMORY, &vad->memory), error, error_size) &&
        create_session(vad, model, error, error_size)) {
        return vad;
    }
    agentos_vad_destroy(vad);
    return NULL;
}

// A tensor over memory of ours; NULL on failure.
static void *tensor(const agentos_vad *vad, void *data, size_t bytes, const int64_t *shape, size_t rank, int element, char *error, size_t size) {
    status (*create)(const void *, void *, size_t, const int64_t *, size_t, int, void **) =
        (status(*)(const void *, void *, size_t, const int64_t *, size_t, int, void **))vad->api[CREATE_TENSOR_WITH_DATA];
    void *value = NULL;
    return succeeded(vad->api, create(vad->memory, data, bytes, shape, rank, element, &value), error, size) ? value : NULL;
}

bool agentos_vad_run(const agentos_vad *vad, const float *input, float *state, float *probability, char *error, size_t error_size) {
    static const char *const input_names[INPUTS] = {"input", "state", "sr"};
    static const char *const output_names[OUTPUTS] = {"output", "stateN"};
    static const int64_t input_shape[] = {1, AGENTOS_VAD_INPUT}, state_shape[] = {2, 1, AGENTOS_VAD_STATE / 2}, output_shape[] = {1, 1};
    int64_t rate = SAMPLE_RATE;
    float next[AGENTOS_VAD_STATE];
    status (*run)(void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **) =
        (status(*)(void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **))vad->api[RUN];

    void *inputs[INPUTS] = {
        tensor(vad, (void *)input, AGENTOS_VAD_INPUT * sizeof *input, input_shape, 2, ELEMENT_FLOAT, error, error_size),
        tensor(vad, state, sizeof next, state_shape, 3, ELEMENT_FLOAT, error, error_size),
        tensor(vad, &rate, sizeof rate, NULL, 0, ELEMENT_INT64, error, error_size),
    };
    void *outputs[OUTPUTS] = {
        tensor(vad, probability, sizeof *probability, output_shape, 2, ELEMENT_FLOAT, error, error_size),
        tensor(vad, next, sizeof next, state_shape, 3, ELEMENT_FLOAT, error, error_size),
    };
    bool complete = inputs[0] && inputs[1] && inputs[2] && outputs[0] && outputs[1];
    bool ran = complete && succeeded(vad->api,
                                     run(vad->session, NULL, input_names, (const void *const *)inputs, INPUTS, output_names, OUTPUTS, outputs),
                                     error, error_size);
    if (ran) memcpy(state, next, sizeof next);
    for (int i = 0; i < INPUTS; i++) release(vad->api, RELEASE_VALUE, inputs[i]);
    for (int i = 0; i < OUTPUTS; i++) release(vad->api, RELEASE_VALUE, outputs[i]);
    return ran;
}

void agentos_vad_destroy(agentos_vad *vad) {
    release(vad->api, RELEASE_SESSION, vad->session);
    release(vad->api, RELEASE_MEMORY_INFO, vad->memory);
    release(vad->api, RELEASE_ENV, vad->environment);
    free(vad);
}
