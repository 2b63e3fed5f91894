#include "COnnxRuntime.h"
#include "Runtime.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_RATE = 8000 };

struct agentos_vad {
    runtime runtime;
    void *session;
};

agentos_vad *agentos_vad_open(const char *library, const char *model, char *error, size_t error_size) {
    complaint complaint = {error, error_size};
    agentos_vad *vad = calloc(1, sizeof *vad);
    if (!vad) return NULL;
    // One thread: a window takes less than handing it to another thread.
    if (runtime_open(&vad->runtime, library, complaint) && (vad->session = session_open(&vad->runtime, model, 1, complaint))) return vad;
    agentos_vad_destroy(vad);
    return NULL;
}

bool agentos_vad_run(const agentos_vad *vad, const float *input, float *state, float *probability, char *error, size_t error_size) {
    int64_t rate = SAMPLE_RATE;
    float next[AGENTOS_VAD_STATE];
    tensor inputs[] = {
        {"input", (void *)input, AGENTOS_VAD_INPUT * sizeof *input, {1, AGENTOS_VAD_INPUT}, 2, ELEMENT_FLOAT},
        {"state", state, sizeof next, {2, 1, AGENTOS_VAD_STATE / 2}, 3, ELEMENT_FLOAT},
        {"sr", &rate, sizeof rate, {0}, 0, ELEMENT_INT64},
    };
    tensor outputs[] = {
        {"output", probability, sizeof *probability, {1, 1}, 2, ELEMENT_FLOAT},
        {"stateN", next, sizeof next, {2, 1, AGENTOS_VAD_STATE / 2}, 3, ELEMENT_FLOAT},
    };
    bool ran = session_run(&vad->runtime, vad->session, NULL, inputs, 3, outputs, 2, (complaint){error, error_size});
    if (ran) memcpy(state, next, sizeof next);
    return ran;
}

void agentos_vad_destroy(agentos_vad *vad) {
    if (vad->runtime.api) release(vad->runtime.api, RELEASE_SESSION, vad->session);
    runtime_close(&vad->runtime);
    free(vad);
}
