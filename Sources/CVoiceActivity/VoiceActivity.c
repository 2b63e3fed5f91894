#include "CVoiceActivity.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Sizes of the network. A spectrum has as many cosines as sines; rows of outputs are filled up to whole blocks.
enum { FRAMES = 4, WINDOW = 128, HOP = 64, BINS = 65, SPECTRUM = 144, PADDED_INPUT = 320 };
enum { FIRST = 128, SECOND = 64, THIRD = 64, FOURTH = 128, HIDDEN = 128, GATES = 4 * HIDDEN, TAPS = 3 };
enum { LANES = 8, BLOCK = 2 * LANES };

// Every function that takes or gives vectors is inlined, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t integers __attribute__((vector_size(LANES * sizeof(int32_t))));

// One layer: blocks of outputs, each with a row for every input, so that the weights are read one after the other.
typedef struct {
    int inputs, outputs;
    float *rows;
    float *bias;
} layer;

struct agentos_vad {
    float (*run)(const agentos_vad *, const float *, float *);
    layer spectrum, first, second, third, fourth, recurrent;
    float last[HIDDEN];
    float last_bias;
    // All rows and biases.
    float *numbers;
};

static inline __attribute__((always_inline)) lanes load(const float *from) {
    lanes value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline __attribute__((always_inline)) void store(float *to, lanes value) { memcpy(to, &value, sizeof value); }

// Multiplies a layer with `steps` stretches of the input, `hop` numbers apart. The outputs of a step lie `outputs` numbers apart.
static inline __attribute__((always_inline)) void apply(const layer *layer, const float *input, int hop, const int steps, float *output) {
    const int outputs = layer->outputs;
    const float *row = layer->rows;
    for (int block = 0; block < outputs; block += BLOCK) {
        lanes sums[FRAMES][2];
        for (int step = 0; step < steps; step++) {
            sums[step][0] = load(layer->bias + block);
            sums[step][1] = load(layer->bias + block + LANES);
        }
        for (int i = 0; i < layer->inputs; i++, row += BLOCK) {
            lanes low = load(row), high = load(row + LANES);
            for (int step = 0; step < steps; step++) {
                float x = input[step * hop + i];
                sums[step][0] += low * x;
                sums[step][1] += high * x;
            }
        }
        for (int step = 0; step < steps; step++) {
            store(output + step * outputs + block, sums[step][0]);
            store(output + step * outputs + block + LANES, sums[step][1]);
        }
    }
}

static inline __attribute__((always_inline)) void rectify(float *numbers, int count) {
    for (int i = 0; i < count; i++) numbers[i] = numbers[i] > 0 ? numbers[i] : 0;
}

// e to the power of each number: two to a whole power, and a polynomial for the rest, which lies within half a step of it.
static inline __attribute__((always_inline)) lanes exponential(lanes x) {
    x = __builtin_elementwise_min(__builtin_elementwise_max(x, (lanes){} - 87), (lanes){} + 88);
    // A number this large has no fraction: adding and subtracting it rounds.
    const float large = 12582912;
    lanes steps = (x * 1.44269504f + large) - large;
    integers whole = __builtin_convertvector(steps, integers);
    lanes r = x - steps * 0.693359375f + steps * 2.12194440e-4f;
    lanes sum = (lanes){} + 1.9875691500e-4f;
    sum = sum * r + 1.3981999507e-3f;
    sum = sum * r + 8.3334519073e-3f;
    sum = sum * r + 4.1665795894e-2f;
    sum = sum * r + 1.6666665459e-1f;
    sum = sum * r + 5.0000001201e-1f;
    sum = sum * (r * r) + r + 1;
    integers power = (whole + 127) << 23;
    lanes scale;
    memcpy(&scale, &power, sizeof scale);
    return sum * scale;
}

static inline __attribute__((always_inline)) lanes sigmoid(lanes x) { return 1 / (1 + exponential(-x)); }

static inline __attribute__((always_inline)) lanes hyperbolic_tangent(lanes x) { return 2 * sigmoid(2 * x) - 1; }

static inline __attribute__((always_inline)) float judge(const agentos_vad *vad, const float *input, float *state) {
    float samples[PADDED_INPUT], spectrum[FRAMES * SPECTRUM];
    memcpy(samples, input, AGENTOS_VAD_INPUT * sizeof *samples);
    // The end of the window is mirrored.
    for (int i = AGENTOS_VAD_INPUT; i < PADDED_INPUT; i++) samples[i] = input[2 * AGENTOS_VAD_INPUT - 2 - i];
    apply(&vad->spectrum, samples, HOP, FRAMES, spectrum);

    // Each convolution sees a row of zeros before and after what there is.
    float strengths[(FRAMES + 2) * BINS] = {0};
    for (int frame = 0; frame < FRAMES; frame++) {
        const float *cosines = spectrum + frame * SPECTRUM, *sines = cosines + BINS;
        for (int bin = 0; bin < BINS; bin++) {
            strengths[(frame + 1) * BINS + bin] = __builtin_sqrtf(cosines[bin] * cosines[bin] + sines[bin] * sines[bin]);
        }
    }
    float one[(FRAMES + 2) * FIRST] = {0}, two[2 * SECOND], three[THIRD], four[FOURTH + HIDDEN], gates[GATES];
    apply(&vad->first, strengths, BINS, FRAMES, one + FIRST);
    rectify(one + FIRST, FRAMES * FIRST);
    apply(&vad->second, one, 2 * FIRST, 2, two);
    rectify(two, 2 * SECOND);
    apply(&vad->third, two, 0, 1, three);
    rectify(three, THIRD);
    apply(&vad->fourth, three, 0, 1, four);
    rectify(four, FOURTH);
    memcpy(four + FOURTH, state, HIDDEN * sizeof *state);
    apply(&vad->recurrent, four, 0, 1, gates);

    lanes total = {0};
    for (int i = 0; i < HIDDEN; i += LANES) {
        lanes cell = sigmoid(load(gates + HIDDEN + i)) * load(state + HIDDEN + i) +
                     sigmoid(load(gates + i)) * hyperbolic_tangent(load(gates + 2 * HIDDEN + i));
        lanes output = sigmoid(load(gates + 3 * HIDDEN + i)) * hyperbolic_tangent(cell);
        store(state + HIDDEN + i, cell);
        store(state + i, output);
        total += load(vad->last + i) * __builtin_elementwise_max(output, (lanes){});
    }
    float sum = vad->last_bias;
    for (int lane = 0; lane < LANES; lane++) sum += total[lane];
    return sigmoid((lanes){} + sum)[0];
}

float agentos_vad_run_portable(const agentos_vad *vad, const float *input, float *state) { return judge(vad, input, state); }

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float judge_avx2(const agentos_vad *vad, const float *input, float *state) {
    return judge(vad, input, state);
}
#endif

float agentos_vad_run(const agentos_vad *vad, const float *input, float *state) { return vad->run(vad, input, state); }

// Where the next numbers are taken from and put to.
typedef struct {
    const float *from;
    float *to;
} cursor;

// Takes in a layer's weights from input `first` on: `taps` of the `all` that the file has, from `skipped` on.
static void take_weights(cursor *cursor, layer *layer, int outputs, int channels, int all, int skipped, int taps, int first) {
    for (int output = 0; output < outputs; output++) {
        float *block = layer->rows + (size_t)(output / BLOCK) * layer->inputs * BLOCK + output % BLOCK;
        for (int channel = 0; channel < channels; channel++) {
            for (int tap = 0; tap < taps; tap++) {
                block[(first + tap * channels + channel) * BLOCK] = cursor->from[((size_t)output * channels + channel) * all + skipped + tap];
            }
        }
    }
    cursor->from += (size_t)outputs * channels * all;
}

static void take_bias(cursor *cursor, layer *layer, int outputs) {
    for (int output = 0; output < outputs; output++) layer->bias[output] += cursor->from[output];
    cursor->from += outputs;
}

static layer make_room(cursor *cursor, int inputs, int outputs) {
    int filled = (outputs + BLOCK - 1) / BLOCK * BLOCK;
    layer layer = {inputs, filled, cursor->to, cursor->to + (size_t)inputs * filled};
    cursor->to = layer.bias + filled;
    return layer;
}

static layer take_convolution(cursor *cursor, int outputs, int channels, int skipped, int taps) {
    layer layer = make_room(cursor, taps * channels, outputs);
    take_weights(cursor, &layer, outputs, channels, TAPS, skipped, taps, 0);
    take_bias(cursor, &layer, outputs);
    return layer;
}

agentos_vad *agentos_vad_open(const float *weights) {
    agentos_vad *vad = calloc(1, sizeof *vad);
    if (!vad) return NULL;
    // Filling up takes less than is saved by leaving out what meets zeros only.
    cursor cursor = {weights, vad->numbers = calloc(AGENTOS_VAD_WEIGHTS, sizeof(float))};
    if (!vad->numbers) {
        agentos_vad_close(vad);
        return NULL;
    }
    vad->spectrum = make_room(&cursor, WINDOW, 2 * BINS);
    take_weights(&cursor, &vad->spectrum, 2 * BINS, WINDOW, 1, 0, 1, 0);
    vad->first = take_convolution(&cursor, FIRST, BINS, 0, TAPS);
    vad->second = take_convolution(&cursor, SECOND, FIRST, 0, TAPS);
    // From here on there is one position, with zeros before and after it, and before it where two are left.
    vad->third = take_convolution(&cursor, THIRD, SECOND, 1, 2);
    vad->fourth = take_convolution(&cursor, FOURTH, THIRD, 1, 1);
    vad->recurrent = make_room(&cursor, FOURTH + HIDDEN, GATES);
    take_weights(&cursor, &vad->recurrent, GATES, FOURTH, 1, 0, 1, 0);
    take_weights(&cursor, &vad->recurrent, GATES, HIDDEN, 1, 0, 1, FOURTH);
    take_bias(&cursor, &vad->recurrent, GATES);
    take_bias(&cursor, &vad->recurrent, GATES);
    memcpy(vad->last, cursor.from, sizeof vad->last);
    vad->last_bias = cursor.from[HIDDEN];
    vad->run = agentos_vad_run_portable;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) vad->run = judge_avx2;
#endif
    return vad;
}

void agentos_vad_close(agentos_vad *vad) {
    free(vad->numbers);
    free(vad);
}
