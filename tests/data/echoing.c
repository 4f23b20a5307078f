/* A plugin that gives back the first candidate of each request, and as its score how many events it has learned. Candidate 77 takes 100 ms,
 * 99 forever. */
#include <string.h>
#include <time.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"echoing\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nlearns = true\n")

static double learned;

static const jardin_column *column(const jardin_frame *frame, const char *name) {
    const jardin_header *header = (const jardin_header *)frame->data;
    const jardin_column *columns = (const jardin_column *)(frame->data + sizeof(jardin_header));
    for (unsigned i = 0; i < header->columns; i++)
        if (columns[i].name_length == strlen(name) && memcmp(frame->data + columns[i].name, name, strlen(name)) == 0) return &columns[i];
    return NULL;
}

static uint32_t rows(const jardin_frame *frame) { return ((const jardin_header *)frame->data)->rows; }

static void compute(double seconds) {
    struct timespec begun, now;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    do clock_gettime(CLOCK_MONOTONIC, &now);
    while ((double)(now.tv_sec - begun.tv_sec) + (double)(now.tv_nsec - begun.tv_nsec) / 1e9 < seconds);
}

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host, (void)settings;
    *self = &learned;
    return JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *frame) {
    (void)self, (void)frame;
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self;
    const jardin_column *candidates = column(batch, "candidates");
    if (!candidates) return JARDIN_FRAME;
    const uint32_t *offsets = (const uint32_t *)(batch->data + candidates->offsets);
    const uint32_t *items = (const uint32_t *)(batch->data + candidates->values);
    uint32_t head[2] = {0, rows(batch)};
    memcpy(head, "JDA1", 4);
    memcpy(out->data, head, sizeof head);
    out->length = sizeof head;
    for (uint32_t row = 0; row < rows(batch); row++) {
        uint32_t first = items[offsets[row]], status[2] = {0, 1};
        jardin_pick pick = {first, 0, first == 55 ? rows(batch) : learned};
        if (first == 77) compute(0.1);
        if (first == 99) compute(1e9);
        memcpy(out->data + out->length, status, sizeof status);
        memcpy(out->data + out->length + sizeof status, &pick, sizeof pick);
        out->length += sizeof status + sizeof pick;
    }
    return JARDIN_OK;
}

static int32_t observe(void *self, const jardin_frame *events) {
    (void)self;
    learned += rows(events);
    return JARDIN_OK;
}

static int32_t forget(void *self, const jardin_frame *sessions) {
    (void)self, (void)sessions;
    return JARDIN_OK;
}

static void destroy(void *self) { (void)self; }

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), 1, 0, 1, create, catalogue, recommend, observe, forget, destroy, NULL};
    return &table;
}
