#include <flite/flite.h>

/// The voice's entry point, which flite's headers do not declare.
cst_voice *register_cmu_us_slt(const char *voxdir);
void usenglish_init(cst_voice *v);
cst_lexicon *cmulex_init(void);
