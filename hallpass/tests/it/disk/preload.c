/* Stands between a server and its drive: records what it writes and syncs, and lets calls fail.
 *
 * Loaded by LD_PRELOAD. DISK_FOLDER names the folder whose files are watched, without those that end in -shm,
 * which a power cut leaves nothing of. DISK_LOG names the file that the record is appended to, and DISK_CONTROL
 * one that the test writes, as three numbers of eight bytes: the number of the call that fails, counted down; what
 * fails (1 a write, 2 half of a write, 3 a sync, 4 a write that is acknowledged and not done); and how many have
 * failed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 4096

enum { WRITE = 1, SYNC = 2, TRUNCATE = 3, UNLINK = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* The name of each open file that is watched, in the folder. */
static char *names[FILES];
static int log_file = -1;
static int64_t *control;
static const char *folder;

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
    folder = getenv("DISK_FOLDER");
    const char *log = getenv("DISK_LOG"), *shared = getenv("DISK_CONTROL");
    if (!folder) return;
    /* A name that is not watched, since it is outside of the folder. */
    if (log) log_file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (shared) {
        int file = open(shared, O_RDWR | O_CLOEXEC);
        void *map = mmap(NULL, 24, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (map != MAP_FAILED) control = map;
        if (file >= 0) close(file);
    }
}

static const char *watched_name(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    if (!length || strncmp(path, folder, length) || path[length] != '/') return NULL;
    const char *name = path + length + 1;
    size_t end = strlen(name);
    if (strchr(name, '/') || strncmp(name, "hallpass.db", 11)) return NULL;
    if (end > 4 && !strcmp(name + end - 4, "-shm")) return NULL;
    return name;
}

static const char *name_of(int file) {
    return file >= 0 && file < FILES ? names[file] : NULL;
}

static void append(const void *data, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    const char *rest = data;
    while (length > 0) {
        ssize_t done = real(log_file, rest, length);
        if (done <= 0) abort();
        rest += done;
        length -= (size_t)done;
    }
}

/* An entry: kind, length of the name, offset, length of the data; the name; the data. */
static void record(int kind, const char *name, int64_t offset, const void *data, int64_t length) {
    if (log_file < 0) return;
    int64_t head[4] = {kind, (int64_t)strlen(name), offset, length};
    append(head, sizeof head);
    append(name, strlen(name));
    if (data) append(data, (size_t)length);
}

/* Whether a call of a kind fails now. Called under the lock. */
static int fails(int64_t first, int64_t last) {
    if (!control || control[1] < first || control[1] > last || control[0] <= 0) return 0;
    if (--control[0] > 0) return 0;
    control[2] += 1;
    return (int)control[1];
}

static void opened(int file, const char *path) {
    const char *name = file >= 0 && file < FILES ? watched_name(path) : NULL;
    if (!name) return;
    pthread_mutex_lock(&lock);
    free(names[file]);
    names[file] = strdup(name);
    pthread_mutex_unlock(&lock);
}

#define OPEN(function) \
    int function(const char *path, int flags, ...) { \
        REAL(function); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, int) : 0; \
        va_end(rest); \
        int file = real(path, flags, mode); \
        opened(file, path); \
        return file; \
    }
OPEN(open)
OPEN(open64)

int close(int file) {
    REAL(close);
    if (file >= 0 && file < FILES && names[file]) {
        pthread_mutex_lock(&lock);
        free(names[file]);
        names[file] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return real(file);
}

/* Called under the lock; `real` writes at the offset of the file, or at the one that is given. */
#define DO_WRITE(plain, half, skip) \
    pthread_mutex_lock(&lock); \
    int failed = control && control[1] == 3 ? 0 : fails(1, 4); \
    ssize_t done = -1; \
    if (failed == 1) errno = EIO; \
    else if (failed == 2) done = half; \
    else if (failed == 4) done = skip; \
    else done = plain; \
    if (done > 0 && failed != 4) record(WRITE, names[file], offset, data, done); \
    if (failed == 2) { done = -1; errno = EIO; } \
    pthread_mutex_unlock(&lock); \
    return done

ssize_t write(int file, const void *data, size_t length) {
    REAL(write);
    if (!name_of(file)) return real(file, data, length);
    off64_t offset = lseek64(file, 0, SEEK_CUR);
    DO_WRITE(real(file, data, length), real(file, data, length / 2),
             lseek64(file, (off64_t)length, SEEK_CUR) < 0 ? -1 : (ssize_t)length);
}

#define PWRITE(function, offset_type) \
    ssize_t function(int file, const void *data, size_t length, offset_type offset) { \
        REAL(function); \
        if (!name_of(file)) return real(file, data, length, offset); \
        DO_WRITE(real(file, data, length, offset), real(file, data, length / 2, offset), \
                 (ssize_t)length); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNCS(function) \
    int function(int file) { \
        REAL(function); \
        if (!name_of(file)) return real(file); \
        pthread_mutex_lock(&lock); \
        int done = -1; \
        if (fails(3, 3)) errno = EIO; \
        else done = real(file); \
        if (done == 0) record(SYNC, names[file], 0, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

#define TRUNCATES(function, offset_type) \
    int function(int file, offset_type length) { \
        REAL(function); \
        if (!name_of(file)) return real(file, length); \
        pthread_mutex_lock(&lock); \
        int done = real(file, length); \
        if (done == 0) record(TRUNCATE, names[file], length, NULL, 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

int unlink(const char *path) {
    REAL(unlink);
    const char *name = watched_name(path);
    if (!name) return real(path);
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (done == 0) record(UNLINK, name, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
