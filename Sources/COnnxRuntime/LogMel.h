// What Whisper hears: the loudness of each band of pitches, 100 times a second.

#ifndef AGENTOS_LOG_MEL_H
#define AGENTOS_LOG_MEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The tables of a number of bands.
typedef struct log_mel log_mel;

log_mel *log_mel_open(int32_t bands);
void log_mel_close(log_mel *tables);

// The frames of a clip at 16 kHz: one for each 10 ms.
int32_t log_mel_frames(int32_t samples);

// Fills `features`, shaped [bands][frames], from a clip; frames beyond the clip's own are 0. False if the clip is empty.
bool log_mel_compute(const log_mel *tables, const float *samples, int32_t count, int32_t frames, float *features);

#endif
