/* A plugin that tells whoever runs the shop: why it refuses its settings (REFUSES), that it lacks a function (LACKS), or, each time that it is
 * asked, which sentences of its manifest hold, one that there is not among them. */
#include <string.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"mine\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nnotes = [\"it is empty\", \"it is full\"]\nlearns = false\n")

static const jardin_host *host;

#ifdef LACKS
int a_function_of_nobody(void);
#endif

static int32_t create(const jardin_host *given, jardin_bytes settings, void **self) {
    (void)settings;
    host = given;
    *self = &host;
#ifdef LACKS
    return a_function_of_nobody();
#elif defined(REFUSES)
    static const char why[] = "it needs a \x1b[31mshelf";
    host->explain((jardin_bytes){(const uint8_t *)why, sizeof why - 1});
    return JARDIN_CONFIG;
#else
    return JARDIN_OK;
#endif
}

static int32_t take(void *self, const jardin_frame *rows) {
    (void)self, (void)rows;
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self, (void)batch, (void)out;
    host->note(2);
    host->note(1);
    host->note(7);
    return JARDIN_FAILED;
}

static void destroy(void *self) { (void)self; }

static const jardin_contract table = {
    .size = sizeof table, .abi_major = JARDIN_ABI_MAJOR, .abi_minor = JARDIN_ABI_MINOR,
    .create = create, .catalogue = take, .recommend = recommend, .destroy = destroy,
};

__attribute__((visibility("default"))) const jardin_contract *jardin_plugin_entry(void) { return &table; }
