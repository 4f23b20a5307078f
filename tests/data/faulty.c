/* Plugins that are at fault: FAULT says how. Built by the tests with the system's compiler. */
#include <stdlib.h>
#include <string.h>

#include "jardin_plugin.h"

#ifndef MANIFEST_ABI
#define MANIFEST_ABI "1"
#endif
#ifndef NEEDS
#define NEEDS ""
#endif
JARDIN_MANIFEST("manifest = 1\nname = \"faulty\"\nabi = " MANIFEST_ABI "\nneeds = [" NEEDS "]\nmay_use = []\nreasons = []\nlearns = false\n")

static char state;

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host, (void)settings;
    *self = &state;
    return FAULT == 1 ? JARDIN_CONFIG : JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *rows) {
    (void)self, (void)rows;
    return JARDIN_OK;
}

static int32_t picks(jardin_out *out, uint32_t index, double score) {
    uint32_t words[4] = {0, 1, 0, 2};
    jardin_pick both[2] = {{index, 0, score}, {index, 0, score}};
    memcpy(words, "JDA1", 4);
    memcpy(out->data, words, sizeof words);
    memcpy(out->data + sizeof words, both, sizeof both);
    out->length = sizeof words + sizeof both;
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self, (void)batch;
    switch (FAULT) {
    case 2: abort();
    case 3: for (volatile int on = 1; on;) {}
            return JARDIN_OK;
    case 4: memset(out->data, 0xa5, 4096); out->length = 4096; return JARDIN_OK;
    case 5: out->length = SIZE_MAX; return JARDIN_OK;
    case 6: return picks(out, 0, 0.0 / 0.0 * -1);
    case 7: return picks(out, 4000000000u, 1.0);
    case 8: *(volatile char *)8 = 1; return JARDIN_OK;
    default: return JARDIN_FAILED;
    }
}

static void destroy(void *self) { (void)self; }

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), FAULT == 9 ? 2 : 1, 0, 0, create, catalogue, recommend, NULL, NULL, destroy, NULL};
    return &table;
}
