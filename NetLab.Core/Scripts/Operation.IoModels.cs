namespace NetLab.Core.Scripts;

/// <summary>epoll_create1(2); the step's result is its descriptor.</summary>
public sealed record EpollCreate : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>epoll_ctl(2) with EPOLL_CTL_ADD.</summary>
public sealed record EpollAdd(Readiness Readiness) : Operation;

/// <summary>epoll_wait(2); no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record EpollWait(Duration? Timeout) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>fcntl(2) with F_SETOWN_EX, F_SETSIG and O_ASYNC: the socket sends signals.</summary>
public sealed record SendSignals : Operation;

/// <summary>sigtimedwait(2) for such a signal; no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record WaitSignal(Duration? Timeout) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>aio_read(3).</summary>
public sealed record AioStart(int Bytes) : Operation;

/// <summary>aio_suspend(3); no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record AioSuspend(Duration? Timeout) : Operation;

/// <summary>aio_error(3), and aio_return(3) if the read has ended.</summary>
public sealed record AioReturn : Operation;

/// <summary>io_uring_setup(2); the step's result is its descriptor.</summary>
public sealed record UringSetup : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}

/// <summary>io_uring_enter(2) that submits an IORING_OP_RECV.</summary>
public sealed record UringReceive(int Bytes) : Operation;

/// <summary>io_uring_enter(2) that waits for a completion; no time limit if <paramref name="Timeout"/> is null.</summary>
public sealed record UringWait(Duration? Timeout) : Operation
{
    /// <inheritdoc/>
    public override bool TakesSocket => false;
}
