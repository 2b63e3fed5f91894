#include "Runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// The oldest interface that newer libraries still hand out and that has all that is used.
enum { API_VERSION = 13 };
enum { OPTIMIZE_ALL = 99, ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0 };

typedef struct {
    const void *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} api_base;

bool succeeded(function_table api, status result, complaint complaint) {
    if (!result) return true;
    const char *(*message)(const void *) = (const char *(*)(const void *))api[GET_ERROR_MESSAGE];
    snprintf(complaint.text, complaint.size, "%s", message(result));
    release(api, RELEASE_STATUS, result);
    return false;
}

void release(function_table api, int slot, void *object) {
    if (object) ((void (*)(void *))api[slot])(object);
}

static function_table open_library(const char *path, complaint complaint) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(complaint.text, complaint.size, "%s", dlerror());
        return NULL;
    }
    const api_base *(*get_base)(void) = NULL;
    void *found = dlsym(handle, "OrtGetApiBase");
    if (!found) {
        snprintf(complaint.text, complaint.size, "the library has no OrtGetApiBase");
        return NULL;
    }
    memcpy(&get_base, &found, sizeof found);
    function_table api = get_base()->get_api(API_VERSION);
    if (!api) snprintf(complaint.text, complaint.size, "the library does not offer interface %d", API_VERSION);
    return api;
}

bool runtime_open(runtime *runtime, const char *library, complaint complaint) {
    function_table api = runtime->api = open_library(library, complaint);
    if (!api) return false;
    status (*create_environment)(int, const char *, void **) = (status(*)(int, const char *, void **))api[CREATE_ENV];
    status (*create_memory)(int, int, void **) = (status(*)(int, int, void **))api[CREATE_CPU_MEMORY_INFO];
    return succeeded(api, create_environment(LOG_ERRORS_ONLY, "agentos", &runtime->environment), complaint) &&
           succeeded(api, create_memory(ARENA_ALLOCATOR, DEFAULT_MEMORY, &runtime->memory), complaint);
}

void runtime_close(runtime *runtime) {
    if (!runtime->api) return;
    release(runtime->api, RELEASE_MEMORY_INFO, runtime->memory);
    release(runtime->api, RELEASE_ENV, runtime->environment);
}

void *session_open(const runtime *runtime, const char *model, int threads, complaint complaint) {
    function_table api = runtime->api;
    void *options = NULL, *session = NULL;
    if (!succeeded(api, ((status(*)(void **))api[CREATE_SESSION_OPTIONS])(&options), complaint)) return NULL;
    status (*set)(void *, int) = (status(*)(void *, int))api[SET_INTRA_THREADS];
    status (*set_inter)(void *, int) = (status(*)(void *, int))api[SET_INTER_THREADS];
    status (*optimize)(void *, int) = (status(*)(void *, int))api[SET_GRAPH_OPTIMIZATION];
    status (*configure)(void *, const char *, const char *) = (status(*)(void *, const char *, const char *))api[ADD_SESSION_CONFIG];
    status (*create)(void *, const char *, const void *, void **) =
        (status(*)(void *, const char *, const void *, void **))api[CREATE_SESSION];
    // A thread with nothing to do sleeps: one that spins takes the core that carries the calls' audio.
    bool created = succeeded(api, set(options, threads), complaint) && succeeded(api, set_inter(options, 1), complaint) &&
                   succeeded(api, optimize(options, OPTIMIZE_ALL), complaint) &&
                   succeeded(api, configure(options, "session.intra_op.allow_spinning", "0"), complaint) &&
                   succeeded(api, create(runtime->environment, model, options, &session), complaint);
    release(api, RELEASE_SESSION_OPTIONS, options);
    return created ? session : NULL;
}

static bool make_values(const runtime *runtime, const tensor *tensors, size_t count, void **values, const char **names, complaint complaint) {
    status (*create)(const void *, void *, size_t, const int64_t *, size_t, int, void **) =
        (status(*)(const void *, void *, size_t, const int64_t *, size_t, int, void **))runtime->api[CREATE_TENSOR_WITH_DATA];
    for (size_t i = 0; i < count; i++) {
        const tensor *one = &tensors[i];
        names[i] = one->name;
        status made = create(runtime->memory, one->data, one->bytes, one->shape, one->rank, one->element, &values[i]);
        if (!succeeded(runtime->api, made, complaint)) return false;
    }
    return true;
}

bool session_run(
    const runtime *runtime, void *session, const void *options, const tensor *inputs, size_t input_count, const tensor *outputs,
    size_t output_count, complaint complaint) {
    status (*run)(void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **) =
        (status(*)(void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **))
            runtime->api[RUN];
    void *given[MOST_TENSORS] = {NULL}, *made[MOST_TENSORS] = {NULL};
    const char *given_names[MOST_TENSORS], *made_names[MOST_TENSORS];
    bool ran = make_values(runtime, inputs, input_count, given, given_names, complaint) &&
               make_values(runtime, outputs, output_count, made, made_names, complaint) &&
               succeeded(runtime->api,
                         run(session, options, given_names, (const void *const *)given, input_count, made_names, output_count, made),
                         complaint);
    for (size_t i = 0; i < input_count; i++) release(runtime->api, RELEASE_VALUE, given[i]);
    for (size_t i = 0; i < output_count; i++) release(runtime->api, RELEASE_VALUE, made[i]);
    return ran;
}
