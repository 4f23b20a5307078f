/* The plugin of the benchmark: takes 500 candidates (2 KB) and gives the first 64 as picks (1 KB). The setting `rounds` says how much it computes
 * before that, `crash` that it crashes. */
#include <stdlib.h>
#include <string.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"timed\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nlearns = false\n")

typedef struct {
    uint64_t rounds;
    int crash;
} timed;

static const jardin_column *column(jardin_bytes frame, const char *name) {
    const jardin_header *header = (const jardin_header *)frame.data;
    const jardin_column *columns = (const jardin_column *)(frame.data + sizeof(jardin_header));
    for (unsigned i = 0; i < header->columns; i++)
        if (columns[i].name_length == strlen(name) && memcmp(frame.data + columns[i].name, name, strlen(name)) == 0) return &columns[i];
    return NULL;
}

static double setting(jardin_bytes settings, const char *name) {
    const jardin_column *found = column(settings, name);
    return found ? *(const double *)(settings.data + found->values) : 0;
}

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host;
    timed *state = malloc(sizeof *state);
    if (!state) return JARDIN_FAILED;
    state->rounds = (uint64_t)setting(settings, "rounds");
    state->crash = setting(settings, "crash") != 0;
    *self = state;
    return JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *rows) {
    (void)self, (void)rows;
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    const timed *state = self;
    const jardin_column *candidates = column(*batch, "candidates");
    uint32_t requests = ((const jardin_header *)batch->data)->rows, *words = (uint32_t *)out->data;
    if (!candidates) return JARDIN_FRAME;
    if (state->crash) *(volatile char *)8 = 1;
    const uint32_t *offsets = (const uint32_t *)(batch->data + candidates->offsets);
    const uint32_t *items = (const uint32_t *)(batch->data + candidates->values);
    memcpy(out->data, "JDA1", 4);
    words[1] = requests;
    size_t at = 8;
    for (uint32_t row = 0; row < requests; row++) {
        volatile uint64_t sum = row;
        for (uint64_t i = 0; i < state->rounds; i++) sum = sum * 6364136223846793005u + 1;
        uint32_t count = offsets[row + 1] - offsets[row];
        if (count > 64) count = 64;
        if (at + 8 + sizeof(jardin_pick) * count > out->capacity) return JARDIN_FULL;
        uint32_t *head = (uint32_t *)(out->data + at);
        jardin_pick *picks = (jardin_pick *)(head + 2);
        for (uint32_t i = 0; i < count; i++) picks[i] = (jardin_pick){items[offsets[row] + i], 0, (double)(count - i)};
        head[0] = 0;
        head[1] = count;
        at += 8 + sizeof(jardin_pick) * count;
    }
    out->length = at;
    return JARDIN_OK;
}

static void destroy(void *self) { free(self); }

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), JARDIN_ABI_MAJOR, JARDIN_ABI_MINOR, JARDIN_DETERMINISTIC, create,
                                          catalogue, recommend, NULL, NULL, destroy, NULL};
    return &table;
}
