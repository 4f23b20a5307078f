/* A plugin in C: the newest items first. It reads the catalogue and no person.
 *
 *   cc -shared -fPIC -O2 -Wall -Wextra -I plugins -o libnewest.so examples/plugins/newest.c
 */
#include <stdlib.h>
#include <string.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"newest\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nlearns = false\n")

/* One byte an item: 1 while it is there. */
typedef struct {
    uint8_t *there;
    size_t length;
} newest;

static const jardin_column *column(const jardin_frame *frame, const char *name) {
    const jardin_header *header = (const jardin_header *)frame->data;
    const jardin_column *columns = (const jardin_column *)(frame->data + sizeof(jardin_header));
    for (unsigned i = 0; i < header->columns; i++)
        if (columns[i].name_length == strlen(name) && memcmp(frame->data + columns[i].name, name, strlen(name)) == 0) return &columns[i];
    return NULL;
}

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)settings;
    if (host->abi_major != JARDIN_ABI_MAJOR) return JARDIN_ABI;
    return (*self = calloc(1, sizeof(newest))) ? JARDIN_OK : JARDIN_FAILED;
}

static int32_t catalogue(void *self, const jardin_frame *frame) {
    newest *state = self;
    const jardin_column *index = column(frame, "index"), *removed = column(frame, "removed");
    if (!index || !removed) return JARDIN_FRAME;
    const uint32_t *indices = (const uint32_t *)(frame->data + index->values);
    for (uint32_t row = 0; row < ((const jardin_header *)frame->data)->rows; row++) {
        if (indices[row] >= state->length) {
            size_t length = (size_t)indices[row] + 1024;
            uint8_t *grown = realloc(state->there, length);
            if (!grown) return JARDIN_FAILED;
            memset(grown + state->length, 0, length - state->length);
            state->there = grown;
            state->length = length;
        }
        state->there[indices[row]] = !frame->data[removed->values + row];
    }
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *frame, jardin_out *out) {
    const newest *state = self;
    const jardin_column *limit = column(frame, "limit");
    if (!limit) return JARDIN_FRAME;
    const uint32_t *limits = (const uint32_t *)(frame->data + limit->values);
    uint32_t requests = ((const jardin_header *)frame->data)->rows, *words = (uint32_t *)out->data;
    memcpy(out->data, "JDA1", 4);
    words[1] = requests;
    size_t at = 8;
    for (uint32_t row = 0; row < requests; row++) {
        if (at + 8 + sizeof(jardin_pick) * limits[row] > out->capacity) return JARDIN_FULL;
        uint32_t *head = (uint32_t *)(out->data + at), count = 0;
        jardin_pick *picks = (jardin_pick *)(head + 2);
        for (size_t i = state->length; i-- > 0 && count < limits[row];)
            if (state->there[i]) picks[count++] = (jardin_pick){(uint32_t)i, 0, (double)i};
        head[0] = 0;
        head[1] = count;
        at += 8 + sizeof(jardin_pick) * count;
    }
    out->length = at;
    return JARDIN_OK;
}

static void destroy(void *self) {
    free(((newest *)self)->there);
    free(self);
}

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), JARDIN_ABI_MAJOR, JARDIN_ABI_MINOR, JARDIN_DETERMINISTIC, create,
                                          catalogue, recommend, NULL, NULL, destroy, NULL};
    return &table;
}
