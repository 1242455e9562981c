namespace NetLab.Core.IoModels;

/// <summary>What a model is doing at a moment.</summary>
public enum LanePhase
{
    /// <summary>It sleeps in a system call: phase one of the textbook, waiting for data.</summary>
    Waiting,

    /// <summary>It asks in vain: calls that fail with EWOULDBLOCK.</summary>
    Spinning,

    /// <summary>The kernel tells it when something comes; the program could do other work.</summary>
    Free,

    /// <summary>Data is in the kernel's buffer, and the model is on its way to it: it is woken, told, or has yet to call.</summary>
    Ready,

    /// <summary>The data goes from the kernel to the program: phase two of the textbook.</summary>
    Copying,

    /// <summary>The program has the data and works on it.</summary>
    Processing,
}

/// <summary>The calls that the models make.</summary>
public enum IoCall
{
    /// <summary>recv(2).</summary>
    Recv,

    /// <summary>fcntl(2).</summary>
    Fcntl,

    /// <summary>select(2).</summary>
    Select,

    /// <summary>poll(2).</summary>
    Poll,

    /// <summary>epoll_create1(2).</summary>
    EpollCreate,

    /// <summary>epoll_ctl(2).</summary>
    EpollCtl,

    /// <summary>epoll_wait(2).</summary>
    EpollWait,

    /// <summary>sigsuspend(2).</summary>
    Sigsuspend,

    /// <summary>aio_read(3), a function of the C library.</summary>
    AioRead,

    /// <summary>aio_return(3).</summary>
    AioReturn,

    /// <summary>io_uring_setup(2).</summary>
    UringSetup,

    /// <summary>io_uring_enter(2) that submits.</summary>
    UringSubmit,

    /// <summary>io_uring_enter(2) that waits for completions.</summary>
    UringWait,
}

/// <summary>The calls' names and what they do.</summary>
public static class IoCalls
{
    /// <summary>The name as a program writes it.</summary>
    public static string Name(this IoCall call) => call switch
    {
        IoCall.Recv => "recv",
        IoCall.Fcntl => "fcntl",
        IoCall.Select => "select",
        IoCall.Poll => "poll",
        IoCall.EpollCreate => "epoll_create1",
        IoCall.EpollCtl => "epoll_ctl",
        IoCall.EpollWait => "epoll_wait",
        IoCall.Sigsuspend => "sigsuspend",
        IoCall.AioRead => "aio_read",
        IoCall.AioReturn => "aio_return",
        IoCall.UringSetup => "io_uring_setup",
        _ => "io_uring_enter",
    };

    /// <summary>What the next such call will do, before it is made.</summary>
    public static string Explain(this IoCall call, IoModel model) => (call, model) switch
    {
        (IoCall.Recv, IoModel.Blocking) => "recv will sleep until data is there, copy it and return",
        (IoCall.Recv, IoModel.Nonblocking) => "recv will return at once: with data, or with EWOULDBLOCK",
        (IoCall.Recv, _) => "data is ready: recv will copy it and not sleep",
        (IoCall.Select, _) => "select will sleep until a descriptor is ready, and copy nothing",
        (IoCall.Poll, _) => "poll will sleep until a descriptor is ready, and copy nothing",
        (IoCall.EpollWait, _) => "epoll_wait will sleep until a descriptor is ready, and name it",
        (IoCall.Sigsuspend, IoModel.Aio) => "free for other work: sigsuspend lets the signal in when the data has been copied",
        (IoCall.Sigsuspend, _) => "free for other work: sigsuspend lets SIGIO in when data is there",
        (IoCall.AioRead, _) => "aio_read will start a read and return at once",
        (IoCall.AioReturn, _) => "aio_return will tell how many bytes are in the buffer already",
        (IoCall.UringSubmit, _) => "io_uring_enter will hand a receive to the kernel and return at once",
        (IoCall.UringWait, _) => "free for other work: io_uring_enter returns when the data has been copied",
        _ => call.Name(),
    };
}
