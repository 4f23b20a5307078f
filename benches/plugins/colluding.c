/* Two of these are asked at the same moment. The sender is given a bit as its one candidate: for 1 it does the thing that the setting `doing` says
 * for a while, for 0 it answers at once. The receiver does the same thing for the same while and gives as its score how often it could. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"colluding\"\nabi = 1\nneeds = []\nmay_use = []\nreasons = []\nlearns = false\n")

enum { ROOM = 1 << 20, WHILE_NS = 10000000 };

static double doing, sends;
static volatile uint8_t *room;
static int word;
static int64_t last_asked;

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

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Whether a line of the C library's code, which all processes share, comes from a cache. */
static int is_cached(const void *line) {
#ifdef __x86_64__
    unsigned aux;
    uint64_t begun = __rdtscp(&aux);
    *(volatile const uint8_t *)line;
    uint64_t took = __rdtscp(&aux) - begun;
    _mm_clflush(line);
    for (volatile int i = 0; i < 300; i++) {}
    return took < 200;
#else
    return line == NULL;
#endif
}

static int act(int what) {
    uint8_t bytes[256];
    struct timespec time;
    sigset_t set;
    stack_t stack;
    switch (what) {
    case 0: for (volatile int i = 0; i < 200; i++) {} return 1;
    case 1: return (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time), 1);
    case 2: return (getrandom(bytes, sizeof bytes, 0), 1);
    case 3: return (sched_yield(), 1);
    case 4: {
        volatile uint8_t *fresh = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (size_t at = 0; at < ROOM; at += 4096) fresh[at] = 1;
        return (munmap((void *)fresh, ROOM), 1);
    }
    case 5:
        madvise((void *)room, ROOM, MADV_DONTNEED);
        for (size_t at = 0; at < ROOM; at += 4096) room[at] = 1;
        return 1;
    case 6: {
        void *fresh = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        fresh = mremap(fresh, 4096, ROOM, MREMAP_MAYMOVE);
        return (munmap(fresh, ROOM), 1);
    }
    case 7: return (sbrk(4096), sbrk(-4096), 1);
    case 8: return (syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, 0, 0), 1);
    case 9: return (sigprocmask(SIG_BLOCK, NULL, &set), 1);
    case 10: return (sigaltstack(NULL, &stack), 1);
    case 11: return (syscall(SYS_getpid), syscall(SYS_gettid), 1);
    case 12: return (recv(4, bytes, 1, MSG_DONTWAIT | MSG_PEEK), 1);
    case 13: for (size_t at = 0; at < ROOM; at += 64) room[at]++; return 1;
    default: /* the sender reads the line, the receiver looks whether somebody did */
        if (!sends) return is_cached((const void *)strtoull);
        return (*(volatile const uint8_t *)strtoull, 1);
    }
}

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host;
    doing = setting(settings, "doing");
    sends = setting(settings, "sends");
    room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *self = &word;
    return JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *rows) {
    (void)self, (void)rows;
    return JARDIN_OK;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self;
    const jardin_column *candidates = column(*batch, "candidates");
    if (!candidates) return JARDIN_FRAME;
    uint32_t bit = *(const uint32_t *)(batch->data + candidates->values);
    int64_t asked = now(), until = asked + WHILE_NS;
    double times = 0;
    if (doing == 15) { /* asked one after the other: the receiver sees by the clock how long the sender took */
        if (sends) for (until = asked + 1000000 * bit; now() < until;) {}
        times = (double)(asked - last_asked);
        last_asked = asked;
    } else if (!sends || bit) {
        while (now() < until) times += act((int)doing);
    }
    uint32_t head[4] = {0, 1, 0, 1};
    memcpy(head, "JDA1", 4);
    jardin_pick pick = {bit, 0, times};
    memcpy(out->data, head, sizeof head);
    memcpy(out->data + sizeof head, &pick, sizeof pick);
    out->length = sizeof head + sizeof pick;
    return JARDIN_OK;
}

static void destroy(void *self) { (void)self; }

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), 1, 0, 0, create, catalogue, recommend, NULL, NULL, destroy, NULL};
    return &table;
}
