#include "COnnxReference.h"
#include "Runtime.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_RATE = 8000, INPUT = 288, STATE = 256 };

struct agentos_reference {
    runtime runtime;
    void *session;
};

agentos_reference *agentos_reference_open(const char *library, const char *model) {
    char error[200];
    complaint complaint = {error, sizeof error};
    agentos_reference *reference = calloc(1, sizeof *reference);
    if (!reference) return NULL;
    if (runtime_open(&reference->runtime, library, complaint) &&
        (reference->session = session_open(&reference->runtime, model, 1, complaint))) {
        return reference;
    }
    agentos_reference_close(reference);
    return NULL;
}

float agentos_reference_run(const agentos_reference *reference, const float *input, float *state) {
    int64_t rate = SAMPLE_RATE;
    float next[STATE], probability = -1;
    char error[200];
    tensor inputs[] = {
        {"input", (void *)input, INPUT * sizeof *input, {1, INPUT}, 2, ELEMENT_FLOAT},
        {"state", state, sizeof next, {2, 1, STATE / 2}, 3, ELEMENT_FLOAT},
        {"sr", &rate, sizeof rate, {0}, 0, ELEMENT_INT64},
    };
    tensor outputs[] = {
        {"output", &probability, sizeof probability, {1, 1}, 2, ELEMENT_FLOAT},
        {"stateN", next, sizeof next, {2, 1, STATE / 2}, 3, ELEMENT_FLOAT},
    };
    complaint complaint = {error, sizeof error};
    if (!session_run(&reference->runtime, reference->session, NULL, inputs, 3, outputs, 2, complaint)) return -1;
    memcpy(state, next, sizeof next);
    return probability;
}

void agentos_reference_close(agentos_reference *reference) {
    if (reference->runtime.api) release(reference->runtime.api, RELEASE_SESSION, reference->session);
    runtime_close(&reference->runtime);
    free(reference);
}
