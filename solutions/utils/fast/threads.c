/* Threads that wait for work, and memory that each keeps from call to call.
 *
 * Helpers look out for work for some ten microseconds, in which one call often follows another, and then sleep on a condition
 * variable, so that they take nothing from a BLAS or from a second process on the same cores. Whoever calls takes part in
 * the work itself; a second caller, while the helpers are busy, does all of its work alone. A forked child starts
 * without helpers and makes its own.
 */
#include "core.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define MAX_HELPERS 63
#define LOOKS 500 /* before sleeping; each takes 20 to 50 nanoseconds */
#define SCRATCHES 3
#define KEPT_BYTES ((size_t)32 << 20)

typedef struct {
    void (*run)(void *, ptrdiff_t);
    void *job;
    ptrdiff_t count;
    atomic_ptrdiff_t next;
} Work;

static pthread_mutex_t caller = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, idle = PTHREAD_COND_INITIALIZER;
static int helpers, wanted, sleeping;
static atomic_int busy;
static atomic_ulong round_number;
static Work *work;

static void breathe(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void take_part(Work *mine) {
    ptrdiff_t i;
    while ((i = atomic_fetch_add(&mine->next, 1)) < mine->count) mine->run(mine->job, i);
}

/* Wait for another round than the last, and return its number, with `lock` held. */
static unsigned long next_round(unsigned long last) {
    for (int i = 0; i < LOOKS && atomic_load(&round_number) == last; i++) breathe();
    pthread_mutex_lock(&lock);
    sleeping++;
    while (atomic_load(&round_number) == last) pthread_cond_wait(&wake, &lock);
    sleeping--;
    return atomic_load(&round_number);
}

static void *help(void *number) {
    unsigned long seen = 0;
    for (;;) {
        seen = next_round(seen);
        Work *mine = (intptr_t)number < wanted ? work : NULL;
        if (mine) atomic_fetch_add(&busy, 1);
        pthread_mutex_unlock(&lock);
        if (!mine) continue;
        take_part(mine);
        pthread_mutex_lock(&lock);
        if (atomic_fetch_sub(&busy, 1) == 1) pthread_cond_signal(&idle);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void forget_helpers(void) {
    pthread_mutex_init(&caller, NULL);
    pthread_mutex_init(&lock, NULL);
    pthread_cond_init(&wake, NULL);
    pthread_cond_init(&idle, NULL);
    helpers = wanted = sleeping = 0;
    atomic_store(&busy, 0);
    atomic_store(&round_number, 0);
    work = NULL;
}

static void add_helpers(int count) { /* with `caller` held */
    static int registered;
    if (!registered) registered = !pthread_atfork(NULL, NULL, forget_helpers);
    for (; registered && helpers < count && helpers < MAX_HELPERS; helpers++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, help, (void *)(intptr_t)helpers)) return;
        pthread_detach(thread);
    }
}

void nndl_parallel(int threads, ptrdiff_t count, void (*run)(void *, ptrdiff_t), void *job) {
    Work mine = {run, job, count, 0};
    if (threads > count) threads = (int)count;
    if (threads < 2 || pthread_mutex_trylock(&caller)) {
        take_part(&mine);
        return;
    }
    add_helpers(threads - 1);
    pthread_mutex_lock(&lock);
    work = &mine;
    wanted = threads - 1;
    atomic_fetch_add(&round_number, 1);
    if (sleeping) pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    take_part(&mine);
    pthread_mutex_lock(&lock);
    work = NULL; /* who wakes up only now finds nothing */
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < LOOKS && atomic_load(&busy); i++) breathe();
    pthread_mutex_lock(&lock);
    while (atomic_load(&busy)) pthread_cond_wait(&idle, &lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&caller);
}

typedef struct {
    size_t bytes[SCRATCHES];
    void *memory[SCRATCHES];
} Scratch;

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int has_key;

static void release(void *scratch) {
    for (int i = 0; i < SCRATCHES; i++) free(((Scratch *)scratch)->memory[i]);
    free(scratch);
}

static void make_key(void) { has_key = !pthread_key_create(&key, release); }

void *nndl_scratch(int i, size_t bytes) {
    pthread_once(&once, make_key);
    if (!has_key) return NULL;
    Scratch *own = pthread_getspecific(key);
    if (!own) {
        own = calloc(1, sizeof *own);
        if (!own || pthread_setspecific(key, own)) {
            free(own);
            return NULL;
        }
    }
    if (own->bytes[i] < bytes || (own->bytes[i] > KEPT_BYTES && bytes <= KEPT_BYTES)) {
        free(own->memory[i]);
        own->bytes[i] = (bytes + 4095) & ~(size_t)4095;
        own->memory[i] = NULL;
        if (posix_memalign(&own->memory[i], 64, own->bytes[i])) own->memory[i] = NULL;
        if (!own->memory[i]) own->bytes[i] = 0;
    }
    return own->memory[i];
}
