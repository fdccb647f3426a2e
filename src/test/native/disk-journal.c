/*
 * Writes down, in one order, what a process does to the files below one directory, and the beginning of each HTTP answer
 * that it writes. To be preloaded into the process:
 *
 *   LD_PRELOAD        this library
 *   DISK_JOURNAL      the journal, a file that is appended to
 *   DISK_JOURNAL_ROOT the directory, absolute and without symbolic links
 *
 * A change is written down when it has happened, the begin of a sync before it begins, its end after it, an answer before
 * it is sent: a cut at any record leaves only what may have been there at that moment. Calls that change names are one
 * step each with their record.
 *
 * A record is: type (1 byte), thread (4), a (8), b (8), length of the text (4), length of the data (4), text, data; all in
 * the machine's byte order. DiskJournal.java reads it.
 *
 * A file that carries a number in its attribute user.inode shows that one as its inode: a copy of a disk then has the
 * inodes of the disk.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_FD 65536
#define ANSWER_BYTES 2048
#define EXPORT __attribute__((visibility("default")))

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static char root[PATH_MAX];
static size_t root_length;
/* The number of each open file below the root, 0 for all others. Numbers are never used twice. */
static volatile int64_t handles[MAX_FD];
static int64_t last_handle;
static int64_t last_sync;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("DISK_JOURNAL"), *below = getenv("DISK_JOURNAL_ROOT");
    if (!path || !below || strlen(below) >= sizeof root) return;
    strcpy(root, below);
    root_length = strlen(root);
    journal = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_below(const char *path) {
    return journal >= 0 && path && !strncmp(path, root, root_length)
        && (path[root_length] == '/' || path[root_length] == 0);
}

static int64_t handle_of(int fd) {
    return journal >= 0 && fd >= 0 && fd < MAX_FD ? handles[fd] : 0;
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, journal, at, length);
        if (done < 0) {
            if (errno == EINTR) continue;
            abort(); /* A journal with holes would prove nothing. */
        }
        at += done;
        length -= done;
    }
}

/* To be called with the order held. */
static void record(char type, int64_t a, int64_t b, const char *text, const void *data, size_t length) {
    char head[29];
    int saved = errno;
    int32_t thread = (int32_t)syscall(SYS_gettid);
    uint32_t text_length = text ? strlen(text) : 0, data_length = length;
    head[0] = type;
    memcpy(head + 1, &thread, 4);
    memcpy(head + 5, &a, 8);
    memcpy(head + 13, &b, 8);
    memcpy(head + 21, &text_length, 4);
    memcpy(head + 25, &data_length, 4);
    put(head, sizeof head);
    if (text_length) put(text, text_length);
    if (data_length) put(data, data_length);
    errno = saved;
}

static void note(char type, int64_t a, int64_t b, const char *text, const void *data, size_t length) {
    pthread_mutex_lock(&order);
    record(type, a, b, text, data, length);
    pthread_mutex_unlock(&order);
}

/* Something that the journal does not understand has happened to a file: whoever reads it must not go on. */
static void unknown(const char *what) {
    note('?', 0, 0, what, NULL, 0);
}

/* Names */

static int opened(const char *path, int flags, mode_t mode, int (*call)(const char *, int, mode_t)) {
    struct stat before, after;
    if (!is_below(path)) return call(path, flags, mode);
    pthread_mutex_lock(&order);
    int existed = syscall(SYS_newfstatat, AT_FDCWD, path, &before, 0) == 0;
    int fd = call(path, flags, mode);
    if (fd >= 0 && fd < MAX_FD && syscall(SYS_newfstatat, fd, "", &after, AT_EMPTY_PATH) == 0) {
        int64_t handle = ++last_handle;
        int what = (!existed ? 1 : 0) | (S_ISDIR(after.st_mode) ? 2 : 0);
        handles[fd] = handle;
        record('O', handle, ((int64_t)after.st_ino << 2) | what, path, NULL, 0);
        if ((flags & O_TRUNC) && existed) record('T', handle, 0, NULL, NULL, 0);
        if (flags & (O_SYNC | O_DSYNC)) record('?', 0, 0, "open with O_SYNC", NULL, 0);
    }
    pthread_mutex_unlock(&order);
    return fd;
}

static int call_open(const char *path, int flags, mode_t mode) {
    return syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

#define OPEN(name) \
    EXPORT int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(path, flags, mode, call_open); \
    }
OPEN(open)
OPEN(open64)

/* Relative to a directory: nothing of the server's does that with files that it changes. */
#define OPENAT(name) \
    EXPORT int name(int dir, const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (is_below(path)) return opened(path, flags, mode, call_open); \
        if (handle_of(dir) && (flags & O_ACCMODE) != O_RDONLY) unknown("openat"); \
        return syscall(SYS_openat, dir, path, flags | O_LARGEFILE, mode); \
    }
OPENAT(openat)
OPENAT(openat64)

EXPORT int close(int fd) {
    if (handle_of(fd)) handles[fd] = 0;
    return syscall(SYS_close, fd);
}

/* The C library closes the directory's number by itself, and a socket may get it next. */
EXPORT int closedir(DIR *directory) {
    REAL(closedir);
    int fd = dirfd(directory);
    if (fd >= 0 && handle_of(fd)) handles[fd] = 0;
    return real(directory);
}

/* Only what is listed or read may have a second number. */
static int is_written_by(int fd) {
    return handle_of(fd) && (syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

EXPORT int dup2(int from, int to) {
    REAL(dup2);
    if (is_written_by(from)) unknown("dup2");
    if (handle_of(to)) handles[to] = 0;
    return real(from, to);
}

EXPORT int dup(int fd) {
    REAL(dup);
    if (is_written_by(fd)) unknown("dup");
    return real(fd);
}

static size_t length_of(const char *text) {
    return text ? strlen(text) : 0;
}

#define NAME_CALL(name, type, one, two, call) \
    int changes = is_below(one) || is_below(two); \
    if (changes) pthread_mutex_lock(&order); \
    int result = call; \
    if (changes) { \
        if (result == 0) record(type, 0, 0, one, two, length_of(two)); \
        pthread_mutex_unlock(&order); \
    } \
    return result;

EXPORT int mkdir(const char *path, mode_t mode) {
    const char *none = NULL;
    REAL(mkdir);
    NAME_CALL(mkdir, 'M', path, none, real(path, mode))
}

EXPORT int rmdir(const char *path) {
    const char *none = NULL;
    REAL(rmdir);
    NAME_CALL(rmdir, 'U', path, none, real(path))
}

EXPORT int unlink(const char *path) {
    const char *none = NULL;
    REAL(unlink);
    NAME_CALL(unlink, 'U', path, none, real(path))
}

EXPORT int remove(const char *path) {
    const char *none = NULL;
    REAL(remove);
    NAME_CALL(remove, 'U', path, none, real(path))
}

EXPORT int link(const char *from, const char *to) {
    REAL(link);
    NAME_CALL(link, 'L', from, to, real(from, to))
}

EXPORT int rename(const char *from, const char *to) {
    REAL(rename);
    NAME_CALL(rename, 'R', from, to, real(from, to))
}

EXPORT int symlink(const char *from, const char *to) {
    REAL(symlink);
    if (is_below(to)) unknown("symlink");
    return real(from, to);
}

EXPORT int unlinkat(int dir, const char *path, int flags) {
    if (handle_of(dir) || is_below(path)) unknown("unlinkat");
    return syscall(SYS_unlinkat, dir, path, flags);
}

EXPORT int renameat(int a, const char *from, int b, const char *to) {
    if (handle_of(a) || handle_of(b) || is_below(from) || is_below(to)) unknown("renameat");
    return syscall(SYS_renameat, a, from, b, to);
}

/* Contents */

static int is_answer(const void *bytes, size_t length) {
    return journal >= 0 && length >= 5 && !memcmp(bytes, "HTTP/", 5);
}

/* A socket's, told by what is written: nothing else in the process begins so. */
static void answering(int fd, const void *bytes, size_t length) {
    if (is_answer(bytes, length) && !handle_of(fd)) {
        note('A', fd, 0, NULL, bytes, length < ANSWER_BYTES ? length : ANSWER_BYTES);
    }
}

static void answering_parts(int fd, const struct iovec *parts, int count) {
    if (count > 0) answering(fd, parts[0].iov_base, parts[0].iov_len);
}

static ssize_t wrote(int64_t handle, off64_t at, const void *bytes, ssize_t done) {
    if (handle && done > 0) note('W', handle, at, NULL, bytes, done);
    return done;
}

EXPORT ssize_t write(int fd, const void *bytes, size_t length) {
    int64_t handle = handle_of(fd);
    answering(fd, bytes, length);
    ssize_t done = syscall(SYS_write, fd, bytes, length);
    if (handle && done > 0) wrote(handle, syscall(SYS_lseek, fd, 0, SEEK_CUR) - done, bytes, done);
    return done;
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    int64_t handle = handle_of(fd);
    return wrote(handle, at, bytes, syscall(SYS_pwrite64, fd, bytes, length, at));
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) {
    int64_t handle = handle_of(fd);
    answering_parts(fd, parts, count);
    ssize_t done = syscall(SYS_writev, fd, parts, count);
    if (handle && done > 0) {
        off64_t at = syscall(SYS_lseek, fd, 0, SEEK_CUR) - done;
        ssize_t left = done;
        for (int i = 0; i < count && left > 0; i++) {
            ssize_t part = left < (ssize_t)parts[i].iov_len ? left : (ssize_t)parts[i].iov_len;
            wrote(handle, at, parts[i].iov_base, part);
            at += part;
            left -= part;
        }
    }
    return done;
}

EXPORT ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    REAL(pwritev64);
    if (handle_of(fd)) unknown("pwritev");
    return real(fd, parts, count, at);
}

EXPORT ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    REAL(send);
    answering(fd, bytes, length);
    return real(fd, bytes, length, flags);
}

EXPORT ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    REAL(sendto);
    answering(fd, bytes, length);
    return real(fd, bytes, length, flags, to, size);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(sendmsg);
    answering_parts(fd, message->msg_iov, message->msg_iovlen);
    return real(fd, message, flags);
}

EXPORT ssize_t sendfile64(int to, int from, off64_t *at, size_t length) {
    REAL(sendfile64);
    if (handle_of(to)) unknown("sendfile");
    return real(to, from, at, length);
}

EXPORT ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    REAL(copy_file_range);
    if (handle_of(to)) unknown("copy_file_range");
    return real(from, from_at, to, to_at, length, flags);
}

EXPORT int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    int64_t handle = handle_of(fd);
    int result = real(fd, length);
    if (handle && result == 0) note('T', handle, length, NULL, NULL, 0);
    return result;
}

EXPORT int ftruncate(int fd, off_t length) {
    return ftruncate64(fd, length);
}

EXPORT int truncate64(const char *path, off64_t length) {
    REAL(truncate64);
    if (is_below(path)) unknown("truncate");
    return real(path, length);
}

EXPORT int fallocate64(int fd, int mode, off64_t at, off64_t length) {
    REAL(fallocate64);
    if (handle_of(fd)) unknown("fallocate");
    return real(fd, mode, at, length);
}

EXPORT int posix_fallocate64(int fd, off64_t at, off64_t length) {
    REAL(posix_fallocate64);
    if (handle_of(fd)) unknown("posix_fallocate");
    return real(fd, at, length);
}

EXPORT void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t at) {
    REAL(mmap64);
    if (handle_of(fd) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) unknown("mmap");
    return real(where, length, protection, flags, fd, at);
}

EXPORT void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t at) {
    return mmap64(where, length, protection, flags, fd, at);
}

/* Syncs */

static int synced(int fd, int (*call)(int), const char *how) {
    int64_t handle = handle_of(fd);
    if (!handle) return call(fd);
    pthread_mutex_lock(&order);
    int64_t number = ++last_sync;
    record('S', handle, number, how, NULL, 0);
    pthread_mutex_unlock(&order);
    int result = call(fd);
    if (result == 0) note('E', handle, number, how, NULL, 0);
    return result;
}

EXPORT int fsync(int fd) {
    REAL(fsync);
    return synced(fd, real, "fsync");
}

EXPORT int fdatasync(int fd) {
    REAL(fdatasync);
    return synced(fd, real, "fdatasync");
}

/* Inodes */

static int64_t carried(const char *path, int fd, int follow) {
    char text[32];
    ssize_t length = fd >= 0 ? fgetxattr(fd, "user.inode", text, sizeof text - 1)
        : follow ? getxattr(path, "user.inode", text, sizeof text - 1)
        : lgetxattr(path, "user.inode", text, sizeof text - 1);
    if (length <= 0) return 0;
    text[length] = 0;
    return atoll(text);
}

EXPORT int statx(int dir, const char *path, int flags, unsigned mask, struct statx *found) {
    int result = syscall(SYS_statx, dir, path, flags, mask, found);
    int by_handle = handle_of(dir) && (flags & AT_EMPTY_PATH);
    if (result == 0 && S_ISREG(found->stx_mode) && (by_handle || is_below(path))) {
        int saved = errno;
        int64_t inode = carried(path, by_handle ? dir : -1, !(flags & AT_SYMLINK_NOFOLLOW));
        if (inode) found->stx_ino = inode;
        errno = saved;
    }
    return result;
}
