#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

/// How many blocks of memory this thread has asked for since it began; -1 where they are not counted (everywhere but on Linux with glibc).
long agentos_allocations(void);

#endif
