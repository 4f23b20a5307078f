/* A plugin that attacks. The setting `attack` says which attack a strategy makes; its one pick tells how it went: item 0 where the attack
 * succeeded, item 200 for the control, else the item whose index is the error number. With -DCONSTRUCTOR all attacks are made when the
 * library is loaded, and the answers tell of that; with -DTAKEOVER the constructor never gives the process back and speaks to the host itself;
 * with -DTHREADS it cannot do without a thread. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>

#include "jardin_plugin.h"

JARDIN_MANIFEST("manifest = 1\nname = \"hostile\"\nabi = 1\nneeds = []\nmay_use = [\"context.words\"]\nreasons = []\nlearns = false\n")

/* Numbers that some C libraries do not know yet. */
#define SYS_clone3_ 435
#define SYS_io_uring_setup_ 425
#define SYS_pidfd_open_ 434

#define SUCCEEDED 0
#define CONTROL 200

static int attack;
/* What the constructor found out, by attack. */
static int found[64];
/* Carried from person to person: how many requests were answered. */
static int calls;

/* The process that is attacked. Where asking for the parent would already be fatal, any number does: the call itself must be refused. */
#ifndef HOST
#define HOST getppid()
#endif

/* What an earlier request said. */
#define CANARY "CANARY-OF-THE-REQUEST-BEFORE"

/* What is looked for in the host's memory. */
#ifndef NEEDLE
#define NEEDLE "nothing"
#endif

static int outcome(long result) { return result == -1 ? errno : SUCCEEDED; }

static long call(long number, long a, long b, long c, long d, long e, long f) { return syscall(number, a, b, c, d, e, f); }

static int opened(const char *path, int flags) {
    long fd = call(SYS_openat, AT_FDCWD, (long)path, flags, 0600, 0, 0);
    if (fd >= 0) call(SYS_close, fd, 0, 0, 0, 0, 0);
    return outcome(fd);
}

static int of_host(const char *file, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)HOST, file);
    return opened(path, flags);
}

/* Looks for a text of the host's environment in all of the host's memory. */
static int steal(void) {
    char path[64], line[512];
    int host = HOST, hits = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", host);
    FILE *maps = fopen(path, "r");
    if (!maps) return errno;
    snprintf(path, sizeof path, "/proc/%d/mem", host);
    int memory = open(path, O_RDONLY);
    if (memory < 0) return errno;
    char *room = malloc(1 << 20);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char readable;
        if (sscanf(line, "%lx-%lx %c", &from, &to, &readable) != 3 || readable != 'r') continue;
        for (; from < to; from += 1 << 20) {
            ssize_t length = pread(memory, room, to - from < 1 << 20 ? to - from : 1 << 20, (off_t)from);
            if (length > 0 && memmem(room, (size_t)length, NEEDLE, sizeof NEEDLE - 1)) hits++;
        }
    }
    return hits ? SUCCEEDED : ENOENT;
}

static int forked(void) {
    long child = call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return outcome(child);
}

static int thread(void) {
    unsigned long arguments[8] = {CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND, 0, 0, 0, 0, 0, 0, 0};
    /* it fails for want of a stack or a signal where it is not refused: both tell that the kernel looked at it */
    return outcome(call(SYS_clone3_, (long)arguments, 64, 0, 0, 0, 0));
}

static int executable(int step) {
    int start = step == 1 ? PROT_READ | PROT_WRITE : step == 2 ? PROT_READ | PROT_EXEC : PROT_READ | PROT_WRITE | PROT_EXEC;
    long page = call(SYS_mmap, 0, 4096, start, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == -1) return errno;
    return step == 1 ? outcome(call(SYS_mprotect, page, 4096, PROT_READ | PROT_EXEC, 0, 0, 0)) : SUCCEEDED;
}

/* A descriptor in a message: what could carry a file to another process. */
static int passed(void) {
    char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {0};
    message.msg_iov = &part, message.msg_iovlen = 1, message.msg_control = room, message.msg_controllen = sizeof room;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_RIGHTS, head->cmsg_len = CMSG_LEN(sizeof(int));
    *(int *)CMSG_DATA(head) = 4;
    return outcome(call(SYS_sendmsg, 4, (long)&message, 0, 0, 0, 0));
}

static int old_interface(void) {
#if defined(__x86_64__)
    long result;
    /* getpid by the interface of 32-bit programs */
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
    return result < 0 ? (int)-result : SUCCEEDED;
#else
    return ENOSYS;
#endif
}

static int own_filter(void) {
    struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    struct sock_fprog program = {1, &allow};
    return outcome(call(SYS_seccomp, 1, 0, (long)&program, 0, 0, 0));
}

static int inherited(void) {
    int result = EBADF;
    for (long fd = 5; fd < 256; fd++)
        if (call(SYS_write, fd, (long)"x", 1, 0, 0, 0) == 1) result = SUCCEEDED;
    return result;
}

/* The clock of a process's computing: whoever reads it sees when that process is at work. */
static int clock_of(int process) {
    struct timespec time;
    return outcome(call(SYS_clock_gettime, ((~(long)process) << 3) | 2, (long)&time, 0, 0, 0, 0));
}

static int attempt(int which) {
    static int word;
    struct sockaddr_in address = {AF_INET, 0, {0}, {0}};
    struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY};
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)4096, 1};
    errno = 0;
    switch (which) {
    case 0: return CONTROL;
    case 1: return opened("/etc/passwd", O_RDONLY);
    case 2: return opened("/tmp", O_TMPFILE | O_WRONLY);
    case 3: return of_host("environ", O_RDONLY);
    case 4: return of_host("mem", O_RDWR);
    case 5: return opened("/proc/self/mem", O_RDWR);
    case 6: return outcome(call(SYS_socket, AF_INET, SOCK_STREAM, 0, 0, 0, 0));
    case 7: return outcome(call(SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0, 0, 0));
    case 8: return outcome(call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (long)calloc(2, 4), 0, 0));
    case 9: return passed();
    case 10: return outcome(call(SYS_ptrace, PTRACE_SEIZE, HOST, 0, 0, 0, 0));
    case 11: return outcome(call(SYS_process_vm_readv, HOST, (long)&here, 1, (long)&there, 1, 0));
    case 12: return outcome(call(SYS_process_vm_writev, HOST, (long)&here, 1, (long)&there, 1, 0));
    case 13: return outcome(call(SYS_kill, HOST, 0, 0, 0, 0, 0));
    case 14: return outcome(call(SYS_pidfd_open_, HOST, 0, 0, 0, 0, 0));
    case 15: return forked();
    case 16: return thread();
    case 17: {
        char *arguments[] = {"true", NULL};
        return outcome(call(SYS_execve, (long)"/bin/true", (long)arguments, 0, 0, 0, 0));
    }
    case 18: return outcome(call(SYS_io_uring_setup_, 1, (long)calloc(1, 256), 0, 0, 0, 0));
    case 19: return executable(0);
    case 20: return executable(1);
    case 21: return executable(2);
    case 22: return outcome(call(SYS_userfaultfd, 1, 0, 0, 0, 0, 0));
    case 23: return outcome(call(SYS_bpf, 0, (long)calloc(1, 128), 128, 0, 0, 0));
    case 24: return outcome(call(SYS_keyctl, 0, -1, 1, 0, 0, 0));
    case 25: return outcome(call(SYS_memfd_create, (long)"x", 0, 0, 0, 0, 0));
    case 26: return outcome(call(SYS_unshare, CLONE_NEWUSER, 0, 0, 0, 0, 0));
    case 27: return outcome(call(SYS_prlimit64, 0, RLIMIT_DATA, 0, (long)&most, 0, 0));
    case 28: return outcome(call(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0, 0));
    case 29: return outcome(call(SYS_dup, 4, 0, 0, 0, 0, 0));
    case 30: return old_interface();
    case 31: return outcome(call(0x40000000 | 39, 0, 0, 0, 0, 0, 0));
    case 32: return own_filter();
    case 33: return outcome(call(SYS_shmget, 0, 4096, 0600 | 01000, 0, 0, 0));
    case 34: return outcome(call(SYS_chroot, (long)"/", 0, 0, 0, 0, 0));
    case 35: return outcome(call(SYS_personality, 0x0400000, 0, 0, 0, 0, 0));
    case 36: return outcome(call(SYS_mmap, 0, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    case 37: return outcome(call(SYS_mmap, 0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
    case 38: return outcome(call(SYS_setuid, 0, 0, 0, 0, 0, 0));
    case 39: return inherited();
    case 40: return steal();
    case 41: return outcome(call(SYS_perf_event_open, (long)calloc(1, 128), 0, -1, -1, 0, 0));
    case 42: return outcome(call(SYS_bind, 4, (long)&address, sizeof address, 0, 0, 0));
    case 44: return clock_of(HOST);
    case 45: return clock_of(0);
    case 46: return outcome(call(SYS_futex, (long)&word, FUTEX_WAKE, 1, 0, 0, 0));
    case 47: /* a terabyte that can only be read: none of it counts as data, and its tables of pages can take 2 GB */
        return outcome(call(SYS_mmap, 0, 1L << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    case 43: { /* three times the 64 MB that it may have, touched so that it is really taken */
        volatile char *room = malloc(192 << 20);
        if (!room) return ENOMEM;
        for (size_t at = 0; at < 192 << 20; at += 4096) room[at] = 1;
        return SUCCEEDED;
    }
    }
    return ENOSYS;
}

static int32_t create(const jardin_host *host, jardin_bytes settings, void **self) {
    (void)host;
    const jardin_header *header = (const jardin_header *)settings.data;
    const jardin_column *columns = (const jardin_column *)(settings.data + sizeof(jardin_header));
    for (unsigned i = 0; i < header->columns; i++)
        if (columns[i].name_length == 6 && memcmp(settings.data + columns[i].name, "attack", 6) == 0)
            attack = (int)*(const double *)(settings.data + columns[i].values);
    *self = &attack;
    return JARDIN_OK;
}

static int32_t catalogue(void *self, const jardin_frame *rows) {
    (void)self, (void)rows;
    return JARDIN_OK;
}

/* An answer of `count` picks to one request. */
static int32_t answer(jardin_out *out, uint32_t requests, uint32_t status, uint32_t count, uint32_t index, double score) {
    uint32_t words[4] = {0, requests, status, count};
    jardin_pick pick = {index, 0, score};
    memcpy(words, "JDA1", 4);
    memcpy(out->data, words, sizeof words);
    memcpy(out->data + sizeof words, &pick, sizeof pick);
    out->length = sizeof words + sizeof pick;
    return JARDIN_OK;
}

static int32_t forever(int n) {
    volatile char frame[4096];
    frame[0] = (char)n;
    return forever(n + 1) + frame[0];
}

/* Speaks for the worker: an answer to the message with this number. */
static void answer_as_worker(jardin_out *out, uint64_t number, uint32_t index) {
    static _Alignas(64) uint8_t leaving[256];
    jardin_out body = {leaving + 64, sizeof leaving - 64, 0};
    (void)out;
    answer(&body, 1, 0, 1, index, 1.0);
    *(uint32_t *)leaving = 3;
    memcpy(leaving + 8, &number, 8);
    call(SYS_sendto, 4, (long)leaving, 64 + (long)body.length, 0, 0, 0);
}

/* The number of the message that holds this frame: it stands in the 64 bytes before it. */
static uint64_t number_of(const jardin_frame *batch) {
    uint64_t number;
    memcpy(&number, batch->data - 56, 8);
    return number;
}

/* Looks where the messages of earlier requests were, and where their answers were, without keeping anything. */
static uint32_t look_behind(const jardin_frame *batch, const jardin_out *out) {
    const uint8_t *behind = batch->data + batch->length, *end = batch->data + (100 << 10);
    if (memmem(behind, (size_t)(end - behind), CANARY, sizeof CANARY - 1)) return SUCCEEDED;
    for (size_t at = 0; at < out->capacity; at++)
        if (out->data[at]) return SUCCEEDED;
    return ENOENT;
}

/* Lies and deaths: what is not about system calls. */
static int32_t misbehave(int which, const jardin_frame *batch, jardin_out *out) {
    switch (which) {
    case 100: abort();
    case 101: *(volatile char *)8 = 1; return JARDIN_OK;
    case 102: return forever(0);
    case 103: for (volatile int on = 1; on;) {}
              return JARDIN_OK;
    case 104: answer(out, 1, 0, 1, 5, 1.0); out->length = SIZE_MAX; return JARDIN_OK;
    case 105: return answer(out, 1, 0, UINT32_MAX, 5, 1.0);
    case 106: return answer(out, 2, 0, 1, 5, 1.0);
    case 107: return answer(out, 1, 77, 1, 5, 1.0);
    case 108: return answer(out, 1, 0, 1, 5, 0.0 / 0.0);
    case 109: return answer(out, 1, 0, 1, 5, 1.0 / 0.0);
    case 110: answer(out, 1, 0, 1, 5, 1.0); out->length = 12; return JARDIN_OK;
    case 111: out->length = 0; return JARDIN_OK;
    case 112: return -77;
    case 113: { /* as many picks as fit */
        uint32_t count = (uint32_t)((out->capacity - 16) / sizeof(jardin_pick));
        answer(out, 1, 0, count, 5, 1.0);
        for (uint32_t i = 0; i < count; i++) ((jardin_pick *)(out->data + 16))[i] = (jardin_pick){i, 0, 1.0};
        out->length = 16 + count * sizeof(jardin_pick);
        return JARDIN_OK;
    }
    case 114: /* past the end of its room, until there is no more memory */
        for (size_t at = 0;; at++) ((volatile uint8_t *)out->data)[at] = 0xa5;
    case 115: exit(37);
    case 116: return answer(out, 1, 0, 1, 4000000000u, 1.0);
    case 117: { /* one item twice */
        answer(out, 1, 0, 2, 5, 1.0);
        memcpy(out->data + out->length, out->data + 16, sizeof(jardin_pick));
        out->length += sizeof(jardin_pick);
        return JARDIN_OK;
    }
    case 118: /* speaks for the worker, before the worker does */
        call(SYS_sendto, 4, (long)out->data, 64, 0, 0, 0);
        return answer(out, 1, 0, 1, 5, 1.0);
    case 119: /* answers the next request before it comes */
        if (calls > 1) return answer(out, 1, 0, 1, CONTROL, 1.0);
        answer_as_worker(out, number_of(batch), 5);
        answer_as_worker(out, number_of(batch) + 1, SUCCEEDED);
        return answer(out, 1, 0, 1, 5, 1.0);
    case 120: return answer(out, 1, 0, 1, look_behind(batch, out), 1.0);
    case 121: /* answers and goes on computing */
        answer_as_worker(out, number_of(batch), 5);
        for (volatile int on = 1; on;) {}
        return JARDIN_OK;
    case 122: /* as a program does that has no memory */
        for (volatile char *room; (room = malloc(1 << 20));)
            for (size_t at = 0; at < 1 << 20; at += 4096) room[at] = 1;
        abort();
    case 123: /* hides a bit in the sign of nothing */
        answer(out, 1, 0, 2, 5, -0.0);
        ((jardin_pick *)(out->data + 16))[1] = (jardin_pick){6, 0, 0.0};
        out->length += sizeof(jardin_pick);
        return JARDIN_OK;
    }
    return JARDIN_FAILED;
}

static int32_t recommend(void *self, const jardin_frame *batch, jardin_out *out) {
    (void)self;
    calls++;
    if (attack >= 100) return misbehave(attack, batch, out);
#ifdef CONSTRUCTOR
    int told = attack == 0 ? CONTROL : found[attack];
#else
    int told = attempt(attack);
#endif
    return answer(out, 1, 0, 1, (uint32_t)told, 1.0);
}

static void destroy(void *self) { (void)self; }

#if defined(CONSTRUCTOR) || defined(TAKEOVER)
/* The old interface ends a process at once. */
static void make_all(void) {
    for (int which = 1; which <= 46; which++)
        if (which != 30 && which != 43) found[which] = attempt(which);
}
#endif

#ifdef CONSTRUCTOR
__attribute__((constructor)) static void constructor(void) { make_all(); }
#endif

#ifdef TAKEOVER
/* It answers every message as a worker would, so that the second filter is never installed. Filters that allow everything make up the
 * number that the host counts. */
__attribute__((constructor)) static void constructor(void) {
    static _Alignas(64) uint8_t arrived[1 << 18], leaving[1 << 12];
    make_all();
    own_filter();
    *(uint32_t *)leaving = 1;
    call(SYS_sendto, 4, (long)leaving, 64, 0, 0, 0);
    for (;;) {
        long length = call(SYS_recvfrom, 4, (long)arrived, sizeof arrived, 0, 0, 0);
        if (length <= 0) _exit(0);
        uint32_t subject = *(uint32_t *)arrived;
        jardin_bytes frame = {arrived + 64, (size_t)length - 64};
        jardin_out out = {leaving + 64, sizeof leaving - 64, 0};
        void *self;
        if (subject == 16) create(NULL, frame, &self);
        if (subject == 18) answer(&out, 1, 0, 1, (uint32_t)(attack ? found[attack] : CONTROL), 1.0);
        ((uint32_t *)leaving)[0] = subject == 18 ? 3 : 2;
        ((uint32_t *)leaving)[1] = 0;
        memcpy(leaving + 8, arrived + 8, 8); /* the host's running number */
        call(SYS_sendto, 4, (long)leaving, 64 + (long)out.length, 0, 0, 0);
    }
}
#endif

#ifdef THREADS
#include <pthread.h>

static void *wait_for_work(void *none) { return none; }

/* As a run time of its own does, which cannot go on without its threads. */
__attribute__((constructor)) static void constructor(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_work, NULL)) abort();
}
#endif

const jardin_contract *jardin_plugin_entry(void) {
    static const jardin_contract table = {sizeof(jardin_contract), 1, 0, 0, create, catalogue, recommend, NULL, NULL, destroy, NULL};
    return &table;
}
