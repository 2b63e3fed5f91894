// What the models of this target share: ONNX Runtime's table of functions, sessions and tensors. Not part of the target's interface.

#ifndef AGENTOS_RUNTIME_H
#define AGENTOS_RUNTIME_H

#include "COnnxRuntime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Places in the table of functions (OrtApi), all of them there since version 5.
enum {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_GRAPH_OPTIMIZATION = 23,
    SET_INTRA_THREADS = 24,
    SET_INTER_THREADS = 25,
    CREATE_RUN_OPTIONS = 39,
    SET_LOG_SEVERITY = 41,
    SET_TERMINATE = 46,
    UNSET_TERMINATE = 47,
    CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69,
    RELEASE_ENV = 92,
    RELEASE_STATUS = 93,
    RELEASE_MEMORY_INFO = 94,
    RELEASE_SESSION = 95,
    RELEASE_VALUE = 96,
    RELEASE_RUN_OPTIONS = 97,
    RELEASE_SESSION_OPTIONS = 100,
    ADD_SESSION_CONFIG = 130,
};

enum { ELEMENT_FLOAT = 1, ELEMENT_INT64 = 7 };
enum { LOG_ERRORS_ONLY = 3, LOG_FATAL_ONLY = 4 };
enum { MOST_TENSORS = 2 * AGENTOS_MOST_LAYERS + 4, MOST_DIMENSIONS = 4 };

typedef void *status;
typedef const void *const *function_table;

// The library, opened, with what every session needs of it.
typedef struct {
    function_table api;
    void *environment;
    void *memory;
} runtime;

// A line for a person to read, and its size.
typedef struct {
    char *text;
    size_t size;
} complaint;

// A named tensor over memory of ours.
typedef struct {
    const char *name;
    void *data;
    size_t bytes;
    int64_t shape[MOST_DIMENSIONS];
    size_t rank;
    int element;
} tensor;

bool runtime_open(runtime *runtime, const char *library, complaint complaint);
void runtime_close(runtime *runtime);

// True when there was no error; otherwise its line is in `complaint`. Frees the status.
bool succeeded(function_table api, status result, complaint complaint);
void release(function_table api, int slot, void *object);

// Loads a model; NULL on failure.
void *session_open(const runtime *runtime, const char *model, int threads, complaint complaint);

// Runs a session; `options` may be NULL. Every output's memory must have the size that the model gives it.
bool session_run(
    const runtime *runtime, void *session, const void *options, const tensor *inputs, size_t input_count, const tensor *outputs,
    size_t output_count, complaint complaint);

#endif
