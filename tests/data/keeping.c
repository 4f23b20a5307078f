/* A plugin that learns which items occur in sessions, gives the most frequent ones, and keeps what it is told to forget. */
#include <string.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"keeping\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nlearns = true\n")

#define ITEMS 64

static uint32_t seen[ITEMS];

static const jardin_column *column(const jardin_frame *frame, const char *name) {
    const jardin_header *header = (const jardin_header *)frame->data;
    const jardin_column *columns = (const jardin_column *)(frame->data + sizeof(jardin_header));
    for (unsigned i = 0; i < header->columns; i++)
        if (columns[i].name_length == strlen(name) && memcmp(frame->data + columns[i].name, name, strlen(name)) == 0) return &columns[i];
    return NULL;
}

static uint32_t rows(const jardin_frame *frame) { return ((const jardin_header *)frame->data)->rows; }

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host, (void)settings;
    *self = seen;
    return JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *frame) {
    (void)self, (void)frame;
    return JARDIN_OK;
}

static void put(jardin_out *out, const void *what, uint64_t length) {
    memcpy(out->data + out->length, what, length);
    out->length += length;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self;
    uint32_t head[2] = {0, rows(batch)}, status[2] = {0, 0};
    memcpy(head, "JDA1", 4);
    out->length = 0;
    put(out, head, sizeof head);
    for (uint32_t item = 0; item < ITEMS; item++) status[1] += seen[item] > 0;
    for (uint32_t row = 0; row < rows(batch); row++) {
        put(out, status, sizeof status);
        for (uint32_t item = 0; item < ITEMS; item++) {
            jardin_pick pick = {item, 0, seen[item]};
            if (seen[item]) put(out, &pick, sizeof pick);
        }
    }
    return JARDIN_OK;
}

static int32_t observe(void *self, const jardin_frame *events) {
    (void)self;
    const jardin_column *items = column(events, "item");
    if (!items) return JARDIN_FRAME;
    const uint32_t *item = (const uint32_t *)(events->data + items->values);
    for (uint32_t row = 0; row < rows(events); row++)
        if (item[row] < ITEMS) seen[item[row]]++;
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
