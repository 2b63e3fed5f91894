// The features of OpenAI's Whisper (log_mel_spectrogram in audio.py, MIT), on frames as sherpa-onnx cuts them, so that the same clip gives the same words.

#include "LogMel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 400, SHIFT = 160, BINS = WINDOW / 2 + 1, RATE = 16000 };
// How the transform of 400 points is taken apart.
static const int radices[] = {4, 4, 5, 5};
enum { STAGES = 4, WIDEST = 5 };

typedef struct {
    float re, im;
} complex_number;

struct log_mel {
    int32_t bands;
    float window[WINDOW];
    // exp(-2 pi i k / 400)
    complex_number roots[WINDOW];
    // For each band, its first bin, the one behind its last, and the weights of all bins.
    int32_t (*ranges)[2];
    float (*weights)[BINS];
};

// Slaney's scale: linear below 1 kHz, then logarithmic.
static double mel_to_hertz(double mel) {
    return mel < 15 ? mel * 200 / 3 : 1000 * exp(log(6.4) / 27 * (mel - 15));
}

static double hertz_to_mel(double hertz) {
    return hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4);
}

static void fill_band(log_mel *tables, int32_t band) {
    double top = hertz_to_mel((double)(RATE / 2)), step = top / (tables->bands + 1);
    double low = mel_to_hertz(band * step), centre = mel_to_hertz((band + 1) * step), high = mel_to_hertz((band + 2) * step);
    int32_t *range = tables->ranges[band];
    range[0] = range[1] = 0;
    for (int bin = 0; bin < BINS; bin++) {
        double hertz = (double)(bin * RATE) / (double)WINDOW;
        double weight = fmin((hertz - low) / (centre - low), (high - hertz) / (high - centre)) * 2 / (high - low);
        if (weight <= 0) continue;
        if (range[1] == 0) range[0] = bin;
        range[1] = bin + 1;
        tables->weights[band][bin] = (float)weight;
    }
}

log_mel *log_mel_open(int32_t bands) {
    log_mel *tables = calloc(1, sizeof *tables);
    if (!tables) return NULL;
    tables->bands = bands;
    tables->ranges = calloc(bands, sizeof *tables->ranges);
    tables->weights = calloc(bands, sizeof *tables->weights);
    if (!tables->ranges || !tables->weights) {
        log_mel_close(tables);
        return NULL;
    }
    for (int i = 0; i < WINDOW; i++) {
        double angle = 2 * M_PI * i / (double)WINDOW;
        tables->window[i] = (float)(0.5 - 0.5 * cos(angle));
        tables->roots[i] = (complex_number){(float)cos(angle), (float)-sin(angle)};
    }
    for (int32_t band = 0; band < bands; band++) fill_band(tables, band);
    return tables;
}

void log_mel_close(log_mel *tables) {
    if (!tables) return;
    free(tables->ranges);
    free(tables->weights);
    free(tables);
}

int32_t log_mel_frames(int32_t samples) {
    return (samples + SHIFT / 2) / SHIFT;
}

// Stockham's transform: each stage leaves its results in order, so nothing is sorted. `data` and `room` change places; gives the one with the result.
static complex_number *transform(const log_mel *tables, complex_number *data, complex_number *room) {
    int length = WINDOW, stride = 1;
    for (int stage = 0; stage < STAGES; stage++) {
        int radix = radices[stage], part = length / radix;
        for (int p = 0; p < part; p++) {
            for (int q = 0; q < stride; q++) {
                for (int j = 0; j < radix; j++) {
                    complex_number sum = {0, 0};
                    for (int i = 0; i < radix; i++) {
                        complex_number a = data[q + stride * (p + part * i)];
                        complex_number w = tables->roots[(i * j % radix) * (WINDOW / radix)];
                        sum.re += a.re * w.re - a.im * w.im;
                        sum.im += a.re * w.im + a.im * w.re;
                    }
                    complex_number w = tables->roots[(p * j * (WINDOW / length)) % WINDOW];
                    room[q + stride * (radix * p + j)] = (complex_number){sum.re * w.re - sum.im * w.im, sum.re * w.im + sum.im * w.re};
                }
            }
        }
        complex_number *swapped = data;
        data = room;
        room = swapped;
        length = part;
        stride *= radix;
    }
    return data;
}

// A sample of the clip, mirrored at both ends.
static float sample_at(const float *samples, int32_t count, int32_t place) {
    while (place < 0 || place >= count) place = place < 0 ? -place - 1 : 2 * count - 1 - place;
    return samples[place];
}

static void fill_bands(const log_mel *tables, const float *power, int32_t frame, int32_t frames, float *features) {
    for (int32_t band = 0; band < tables->bands; band++) {
        float energy = 0;
        for (int32_t bin = tables->ranges[band][0]; bin < tables->ranges[band][1]; bin++) energy += power[bin] * tables->weights[band][bin];
        features[(size_t)band * frames + frame] = log10f(fmaxf(energy, 1e-10f));
    }
}

// Two frames at once, one as the real part and one as the imaginary part.
static void take_frames(const log_mel *tables, const float *samples, int32_t count, int32_t frame, int32_t own, int32_t frames, float *features) {
    complex_number first[WINDOW], second[WINDOW];
    for (int i = 0; i < WINDOW; i++) {
        int32_t place = frame * SHIFT + SHIFT / 2 - WINDOW / 2 + i;
        first[i].re = sample_at(samples, count, place) * tables->window[i];
        first[i].im = frame + 1 < own ? sample_at(samples, count, place + SHIFT) * tables->window[i] : 0;
    }
    const complex_number *spectrum = transform(tables, first, second);
    float power[2][BINS];
    for (int bin = 0; bin < BINS; bin++) {
        complex_number a = spectrum[bin], b = spectrum[(WINDOW - bin) % WINDOW];
        float re = (a.re + b.re) / 2, im = (a.im - b.im) / 2, other_re = (a.im + b.im) / 2, other_im = (b.re - a.re) / 2;
        power[0][bin] = re * re + im * im;
        power[1][bin] = other_re * other_re + other_im * other_im;
    }
    fill_bands(tables, power[0], frame, frames, features);
    if (frame + 1 < own) fill_bands(tables, power[1], frame + 1, frames, features);
}

bool log_mel_compute(const log_mel *tables, const float *samples, int32_t count, int32_t frames, float *features) {
    int32_t own = log_mel_frames(count);
    if (own > frames) own = frames;
    memset(features, 0, (size_t)tables->bands * frames * sizeof *features);
    if (own <= 0) return false;
    for (int32_t frame = 0; frame < own; frame += 2) take_frames(tables, samples, count, frame, own, frames, features);
    float loudest = -10;
    for (int32_t band = 0; band < tables->bands; band++) {
        for (int32_t frame = 0; frame < own; frame++) loudest = fmaxf(loudest, features[(size_t)band * frames + frame]);
    }
    for (int32_t band = 0; band < tables->bands; band++) {
        for (int32_t frame = 0; frame < own; frame++) {
            float *feature = &features[(size_t)band * frames + frame];
            *feature = (fmaxf(*feature, loudest - 8) + 4) / 4;
        }
    }
    return true;
}
