/* The binary interface of Jardin's compiled plugins, version 1.
 *
 * A plugin is a shared object for this machine that needs no library beside libc, libm and libgcc_s. It exports one symbol,
 * jardin_plugin_entry, and holds a manifest (JARDIN_MANIFEST). The host opens it in a process of its own that has no file, no network, no
 * clock and no second thread; a system call that is not about memory ends that process. Every function is called from one thread, one
 * after the other. No pointer that a function is passed may be kept after it returns.
 *
 * Sizes and offsets of this file are compared with the host's own layouts by a test.
 */
#ifndef JARDIN_PLUGIN_H
#define JARDIN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JARDIN_ABI_MAJOR 1
#define JARDIN_ABI_MINOR 2

/* Results of functions. */
#define JARDIN_OK 0     /* it went well */
#define JARDIN_FAILED 1 /* the plugin failed by its own fault */
#define JARDIN_FRAME 2  /* the frame breaks the layout */
#define JARDIN_FULL 3   /* the answer does not fit into the room given */
#define JARDIN_CONFIG 4 /* the settings are not usable */
#define JARDIN_ABI 5    /* the other side is of another major version */

/* Flags of a table. */
#define JARDIN_LEARNS UINT64_C(1)        /* it has observe and forget */
#define JARDIN_DETERMINISTIC UINT64_C(2) /* same state and frame, same answer */

/* Borrowed bytes: valid during the call that passes them, owned by the caller. Frames begin at a multiple of 64. */
typedef struct {
    const uint8_t *data;
    size_t length;
} jardin_bytes;

/* A frame, see below. */
typedef jardin_bytes jardin_frame;

/* Room for an answer: owned by the host, written by the plugin during one call. */
typedef struct {
    uint8_t *data;
    size_t capacity;
    size_t length; /* set by the plugin: how many bytes it wrote */
} jardin_out;

/* The host; it lives as long as the plugin. */
typedef struct {
    uint32_t size; /* of this structure, in bytes; a field beyond it does not exist */
    uint16_t abi_major, abi_minor;
    /* Since 1.1. Says in words (UTF-8, the first 1,000 bytes count) why create refuses its settings, for whoever runs the shop. It is heard
     * while create runs; null where nobody listens. */
    void (*explain)(jardin_bytes words);
    /* Since 1.1. Says that the sentence at a place, from 1, in the manifest's `notes` holds, for whoever runs the shop: words that are fixed, and no
     * value. The first of a call is heard, and one a minute is told; null where nobody listens. */
    void (*note)(uint32_t place);
} jardin_host;

/* The table of functions; it lives as long as the plugin is loaded. New fields are only ever appended. */
typedef struct {
    uint32_t size; /* of this structure as the plugin knows it, in bytes */
    uint16_t abi_major, abi_minor;
    uint64_t flags;
    /* Makes a strategy from its settings, a frame with one row and a column a setting; writes it to *self. The host's own are "host.memory_bytes"
     * and, since 1.2, for one that learns "host.at_least_people" (what fewer people did is not to be shown) and "host.a_person_counts" (how often
     * one person counts at most; absent where sessions are counted). */
    int32_t (*create)(const jardin_host *host, jardin_bytes settings, void **self);
    /* Takes rows of the catalogue: columns "index" (u32), "removed" (flag), and granted item columns such as "item.price". */
    int32_t (*catalogue)(void *self, const jardin_frame *rows);
    /* Answers a batch: a row a request; columns "limit" (u32), "seed" (u64), "time" (ms), perhaps "candidates" (lists of u32), and granted
     * fields such as "session.basket". */
    int32_t (*recommend)(void *self, const jardin_frame *batch, jardin_out *out);
    /* Learns, may be null: columns "session", "sequence" (u64), "item", "kind", "hour", "ordinal" (u32); at most 500 rows. Since 1.2, where the
     * manifest says counts_people and the policy lets people be counted, a column "person" (u32, absent for nobody known): whose session it is,
     * by a number that no two people share, another one whenever everything is taught anew, and never 4294967295. */
    int32_t (*observe)(void *self, const jardin_frame *events);
    /* Forgets sessions exactly, required with observe: column "session" (u64). */
    int32_t (*forget)(void *self, const jardin_frame *sessions);
    /* Ends a strategy. */
    void (*destroy)(void *self);
    /* Gives an optional table by its name, or null; may be null itself. */
    const void *(*get_extension)(void *self, const char *id);
} jardin_contract;

/* The one exported symbol. */
const jardin_contract *jardin_plugin_entry(void);

/* The manifest, read from the file before any code runs: UTF-8 TOML of at most 16 KiB. `version`, `notes`, `counts_people` and `settings` may be left out; where
 * there are settings, a setting of the shop that is not among them, of another type or out of its range is refused before anything is loaded.
 *
 *   JARDIN_MANIFEST("manifest = 1\nname = \"mine\"\nversion = \"1.0.0\"\nabi = 1\nneeds = [\"item.price\"]\nmay_use = []\nreasons = []\n"
 *                   "learns = false\n[settings]\nshelf = { type = \"number\", least = 1, most = 9 }\nquiet = { type = \"flag\" }\n")
 */
#define JARDIN_MANIFEST(text) \
    __attribute__((section(".jardin"), used)) static const char jardin_manifest_text[sizeof(text) - 1] = text;

/* ---- Frames -----------------------------------------------------------------------------------------------------------------------
 * Little endian. A header of 64 bytes, then one entry of 64 bytes for each column, then buffers, each at a multiple of 64.
 */
typedef struct {
    uint32_t magic; /* "JDF1" */
    uint16_t kind;  /* 1 settings, 2 catalogue, 3 recommend, 4 observe, 5 forget */
    uint16_t columns;
    uint32_t rows;
    uint32_t reserved0;
    uint64_t length; /* of the whole frame, in bytes */
    uint8_t reserved1[40];
} jardin_header;

/* Column types. Text and lists have rows + 1 rising offsets (u32); lists of texts have inner offsets as well. */
#define JARDIN_NUMBER 1  /* double, finite */
#define JARDIN_FLAG 2    /* u8, 0 or 1 */
#define JARDIN_TEXT 3    /* UTF-8 */
#define JARDIN_TEXTS 4   /* lists of UTF-8 */
#define JARDIN_DATE 5    /* i32, days since 1970-01-01 */
#define JARDIN_TIME 6    /* i64, milliseconds since 1970-01-01 UTC */
#define JARDIN_WORD32 7  /* u32: an item's index, or a small number */
#define JARDIN_WORD64 8  /* u64 */
#define JARDIN_WORDS32 9 /* lists of u32 */
#define JARDIN_EVENTS 10 /* lists of jardin_event */

typedef struct {
    uint32_t name, name_length; /* offset and bytes of its name */
    uint16_t type;
    uint16_t reserved0[3];
    uint64_t validity; /* offset of a bitmap, lowest bit first, 0 is absent; 0 where every row has a value */
    uint64_t offsets;  /* offset of rows + 1 offsets; 0 where the type has none */
    uint64_t inner;    /* offset of inner offsets; 0 where the type has none */
    uint64_t values;   /* offset of the values */
    uint64_t count;    /* how many values; for texts how many bytes */
    uint8_t reserved1[8];
} jardin_column;

typedef struct {
    int64_t at; /* milliseconds since 1970-01-01 UTC */
    uint32_t item, quantity, kind, reserved0;
} jardin_event;

/* ---- Answers ----------------------------------------------------------------------------------------------------------------------
 * "JDA1" and the number of requests (u32 each); for each request, in order, its status (0 answered, 1 failed) and the number of its picks
 * (u32 each), then the picks.
 */
typedef struct {
    uint32_t index;  /* the item's */
    uint32_t reason; /* 0 for none, else its place in the manifest's reasons, from 1 */
    double score;    /* finite; the best anywhere */
} jardin_pick;

#ifdef __cplusplus
}
#endif
#endif
