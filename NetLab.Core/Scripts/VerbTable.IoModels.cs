using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>The verbs of the I/O models: multiplexed beyond poll and select, driven by signals, and asynchronous.</summary>
public static partial class VerbTable
{
    // An accessor and not a value: of two files' initialisers nothing says which comes first.
    private static Verb[] IoModels =>
    [
        new("epoll_create", "epoll_create [expect OUTCOME]", "Makes the actor's epoll, to which sockets are then added.", "epoll_create1", "epoll_create")
        {
            Build = _ => new EpollCreate(),
            Explains = "Asks the kernel for an epoll: a list of sockets that it keeps itself, so that a wait need not name them all again as poll and select must.",
            Errors = [Errno.EMFILE],
        },
        new("epoll_ctl", "epoll_ctl add readable|writable [on SOCKET] [expect OUTCOME]",
            "Adds the socket to the actor's epoll; closing it takes it away again.", "epoll_ctl", "epoll_ctl add readable")
        {
            Build = a => new EpollAdd(a.Readiness),
            Explains = "Puts the socket on the epoll's list. From now on the kernel itself notes when it gets ready.",
            Words = new()
            {
                ["readable"] = "recv or accept would not sleep (EPOLLIN)",
                ["writable"] = "send would not sleep (EPOLLOUT)",
            },
            Errors = [Errno.EEXIST],
        },
        new("epoll_wait", "epoll_wait [DURATION] [expect OUTCOME]",
            "Waits until a socket of the epoll is ready; the result is how many are, 0 when the time is over.", "epoll_wait", "epoll_wait 200ms expect 1")
        {
            Build = a => new EpollWait(a.Timeout),
            Explains = "Sleeps until a socket of the epoll is ready[, DURATION at most]. The result is how many are, and the kernel hands over those alone: 0 if the time is over.",
            Waits = Waits.ForTime,
        },
        new("sigio", "sigio [on SOCKET] [expect OUTCOME]",
            "From now on the socket sends the actor's thread a signal at each change (three calls, and before the first of them one that blocks the signal).", "fcntl", "sigio")
        {
            Build = _ => new SendSignals(),
            Explains = "Lets the kernel send a signal when something happens to the socket. Three calls: to which thread (F_SETOWN_EX), which signal (F_SETSIG), and from now on (O_ASYNC). "
                + "The thread has the signal blocked, so that it waits until sigwait takes it.",
            Errors = [Errno.EPERM],
        },
        new("sigwait", "sigwait [DURATION] [expect OUTCOME]",
            "Takes such a signal, or waits for one (result 1), or until the time is over (0).", "rt_sigtimedwait", "sigwait 200ms")
        {
            Build = a => new WaitSignal(a.Timeout),
            Explains = "Takes the oldest signal of sigio, and sleeps while there is none[, DURATION at most]: 1 if one came, 0 if the time is over. "
                + "A signal tells of a change: bytes that were there before send none.",
            Waits = Waits.ForTime,
        },
        new("aio_read", "aio_read BYTES [on SOCKET] [expect OUTCOME]",
            "Starts a read and comes back; the bytes go into a buffer of its own.", "", "aio_read 4096")
        {
            LibraryFunction = "aio_read",
            Build = a => new AioStart(a.Get<int>("BYTES")),
            Explains = "Starts to read at most BYTES bytes and comes back at once. The kernel has no part in that: the C library reads in a thread of its own, which sleeps in place of this one.",
            Errors = [Errno.EAGAIN],
        },
        new("aio_suspend", "aio_suspend [DURATION] [on SOCKET] [expect OUTCOME]",
            "Waits until the read has ended (result 1) or the time is over (0).", "", "aio_suspend 200ms")
        {
            LibraryFunction = "aio_suspend",
            Build = a => new AioSuspend(a.Timeout),
            Explains = "Sleeps until the read of aio_read has ended[, DURATION at most]: 1 if it has, 0 if the time is over.",
            Waits = Waits.ForTime,
        },
        new("aio_return", "aio_return [on SOCKET] [expect OUTCOME]",
            "Takes what the read came to, with its bytes; EINPROGRESS while it goes on.", "", "aio_return expect \"hello word\"")
        {
            LibraryFunction = "aio_return",
            Build = _ => new AioReturn(),
            Explains = "Asks what aio_read came to: as many bytes as recv would have given, which lie in the buffer by now. While it goes on the answer is EINPROGRESS (aio_error says so).",
            Errors = [Errno.EINPROGRESS, Errno.ECONNRESET],
        },
        new("uring_setup", "uring_setup [expect OUTCOME]",
            "Makes the actor's io_uring: a ring of wishes and a ring of answers, both shared with the kernel.", "io_uring_setup", "uring_setup")
        {
            Build = _ => new UringSetup(),
            Explains = "Asks the kernel for two rings in memory that both see: in the one stands what is to be done, in the other what came of it.",
            Errors = [Errno.EPERM, Errno.ENOSYS],
            Needs = Requirement.IoUring,
        },
        new("uring_recv", "uring_recv BYTES [on SOCKET] [expect OUTCOME]",
            "Puts a recv into the ring and hands it over; the result is how many were handed over, 1.", "io_uring_enter", "uring_recv 4096")
        {
            Build = a => new UringReceive(a.Get<int>("BYTES")),
            Explains = "Puts a recv of at most BYTES bytes into the ring, hands it to the kernel and comes back. No thread sleeps for it: the kernel receives when bytes come.",
        },
        new("uring_wait", "uring_wait [DURATION] [expect OUTCOME]",
            "Takes the next answer of the ring, whichever socket it is of: the result of that recv, with its bytes; ETIME when the time is over.", "io_uring_enter", "uring_wait expect \"hello word\"")
        {
            Build = a => new UringWait(a.Timeout),
            Explains = "Sleeps until a recv of the ring is done[, DURATION at most]. Its result and its bytes are there at once: no second call has to fetch them.",
            Errors = [Errno.ETIME, Errno.ECONNRESET],
            Waits = Waits.ForData,
        },
    ];
}
