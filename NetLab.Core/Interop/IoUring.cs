using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>
/// io_uring(7): two rings shared with the kernel, one of what is wanted, one of what has come. For one thread. Nothing is copied after a
/// completion: the bytes are in the buffer that <see cref="Receive"/> named, by then.
/// </summary>
/// <remarks>
/// A buffer must stay where it is until its completion was reaped. <see cref="Dispose"/> cancels what is in flight and reaps it, from Linux 5.19 on; where the
/// kernel is older the owner calls <see cref="Cancel"/> for each, or shuts the sockets down, and reaps until <see cref="InFlight"/> is 0.
/// </remarks>
internal sealed unsafe partial class IoUring : IDisposable
{
    private const nint SetupNumber = 425, EnterNumber = 426;
    private const uint GetEvents = 1, ExtendedArgument = 8;
    private const uint FeatureExtendedArgument = 1 << 8;
    private const ulong CancelTag = ulong.MaxValue;

    private readonly int _fd;
    private readonly Mapping _submissionRing, _completionRing, _entries;
    private readonly bool _waitsInEnter;
    private readonly uint* _submissionHead, _submissionTail, _completionHead, _completionTail;
    private readonly uint _submissionMask, _completionMask, _capacity;
    private readonly Submission* _submissions;
    private readonly Completion* _completions;
    private uint _tail;
    private bool _cancelRefused;
    private bool _disposed;

    private IoUring(int fd, in Parameters parameters, Mapping submissionRing, Mapping completionRing, Mapping entries)
    {
        (_fd, _submissionRing, _completionRing, _entries) = (fd, submissionRing, completionRing, entries);
        _waitsInEnter = (parameters.Features & FeatureExtendedArgument) != 0;
        byte* ring = submissionRing.Address;
        _submissionHead = (uint*)(ring + parameters.Submission.Head);
        _submissionTail = (uint*)(ring + parameters.Submission.Tail);
        _submissionMask = *(uint*)(ring + parameters.Submission.RingMask);
        _capacity = parameters.SubmissionEntries;
        _submissions = (Submission*)entries.Address;
        // The kernel takes an index into the entries from each place of the ring; here place and entry stay together.
        uint* indices = (uint*)(ring + parameters.Submission.Indices);
        for (uint index = 0; index < _capacity; index++)
            indices[index] = index;
        _tail = *_submissionTail;
        ring = completionRing.Address;
        _completionHead = (uint*)(ring + parameters.Completion.Head);
        _completionTail = (uint*)(ring + parameters.Completion.Tail);
        _completionMask = *(uint*)(ring + parameters.Completion.RingMask);
        _completions = (Completion*)(ring + parameters.Completion.Completions);
    }

    /// <summary>The descriptor of the rings; it polls readable while a completion waits to be reaped.</summary>
    public int Descriptor => _fd;

    /// <summary>How many were queued and not yet reaped.</summary>
    public int InFlight { get; private set; }

    /// <summary>io_uring_setup(2), and the rings mapped into memory.</summary>
    /// <param name="entries">How many may wait to be submitted; the kernel rounds up to a power of two.</param>
    /// <param name="ring">The rings.</param>
    /// <param name="error">Why not: ENOSYS or EPERM where they are forbidden (an old kernel, a container's filter, kernel.io_uring_disabled).</param>
    /// <returns>Whether they were made.</returns>
    public static bool TrySetup(int entries, out IoUring? ring, out Errno error)
    {
        Parameters parameters = default;
        (ring, error) = (null, Errno.None);
        int fd = (int)syscall(SetupNumber, entries, (nint)(&parameters));
        if (fd < 0)
        {
            error = SocketCalls.LastError;
            return false;
        }

        const long completionOffset = 0x8000000, entriesOffset = 0x10000000;
        var submissionRing = Mapping.Of(fd, 0, parameters.Submission.Indices + parameters.SubmissionEntries * sizeof(uint), ref error);
        var completionRing = Mapping.Of(fd, completionOffset, parameters.Completion.Completions + parameters.CompletionEntries * (uint)sizeof(Completion), ref error);
        var submissions = Mapping.Of(fd, entriesOffset, parameters.SubmissionEntries * (uint)sizeof(Submission), ref error);
        if (error == Errno.None)
        {
            ring = new IoUring(fd, in parameters, submissionRing, completionRing, submissions);
            return true;
        }

        submissionRing.Undo();
        completionRing.Undo();
        submissions.Undo();
        _ = SocketCalls.Close(fd);
        return false;
    }

    /// <summary>Queues a recv; nothing happens before <see cref="Submit"/>.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="buffer">Where the bytes go; it stays where it is until the completion.</param>
    /// <param name="length">How many at most.</param>
    /// <param name="userData">What the completion has with it; not the highest number, which is kept for cancelling.</param>
    /// <returns>False if the ring is full: submit first.</returns>
    public bool Receive(int fd, byte* buffer, int length, ulong userData)
    {
        const byte receive = 27;
        return Queue(new Submission { Operation = receive, Descriptor = fd, Address = (ulong)buffer, Length = (uint)length, UserData = userData });
    }

    /// <summary>Queues the cancelling of what has this user data: it then completes with -ECANCELED, or with what came first.</summary>
    /// <returns>False if the ring is full.</returns>
    public bool Cancel(ulong userData)
    {
        const byte cancel = 14;
        return Queue(new Submission { Operation = cancel, Descriptor = -1, Address = userData, UserData = CancelTag });
    }

    /// <summary>io_uring_enter(2): gives the kernel what is queued, and sleeps until so many completions wait to be reaped.</summary>
    /// <param name="waitFor">How many; 0 does not sleep.</param>
    /// <param name="nanoseconds">How long it sleeps at most; negative for ever.</param>
    /// <returns>
    /// How many were taken, or -1: ETIME when the time is over, EINTR when a signal's handler ran. If any were taken the answer is their number however the sleep ended.
    /// </returns>
    public int Submit(int waitFor = 0, long nanoseconds = -1)
    {
        uint waiting = _tail - Volatile.Read(ref *_submissionHead);
        if (waitFor == 0 || nanoseconds < 0)
            return (int)syscall(EnterNumber, _fd, (nint)waiting, waitFor, waitFor == 0 ? 0 : (nint)GetEvents, 0, 0);
        if (!_waitsInEnter)
            return SubmitThenPoll(waitFor, waiting, nanoseconds);
        var time = stackalloc long[2];
        (time[0], time[1]) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        var argument = new WaitArgument { Time = (ulong)time };
        return (int)syscall(EnterNumber, _fd, (nint)waiting, waitFor, (nint)(GetEvents | ExtendedArgument), (nint)(&argument), sizeof(WaitArgument));
    }

    /// <summary>Takes the oldest completion, without a system call.</summary>
    /// <param name="userData">What was queued with it.</param>
    /// <param name="result">What the call came to, or the negative error number.</param>
    /// <returns>False if there is none.</returns>
    public bool TryReap(out ulong userData, out int result)
    {
        while (true)
        {
            uint head = *_completionHead;
            if (head == Volatile.Read(ref *_completionTail))
            {
                (userData, result) = (0, 0);
                return false;
            }

            (userData, result) = (_completions[head & _completionMask].UserData, _completions[head & _completionMask].Result);
            Volatile.Write(ref *_completionHead, head + 1);
            InFlight--;
            if (userData != CancelTag)
                return true;
            // EINVAL: the kernel is too old to cancel whatever there is. That it found nothing (ENOENT), or not in time (EALREADY), is no refusal.
            _cancelRefused |= result == -(int)Errno.EINVAL;
        }
    }

    /// <summary>Cancels what is in flight, and gives rings and descriptor back.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        EndAll();
        _submissionRing.Undo();
        _completionRing.Undo();
        _entries.Undo();
        _ = SocketCalls.Close(_fd);
    }

    private void EndAll()
    {
        const byte cancel = 14;
        const uint all = 1, any = 4;
        if (InFlight == 0)
            return;
        // What is queued goes first, so that there is room for the cancelling, and nothing that it would miss.
        while (Submit() < 0 && SocketCalls.LastError == Errno.EINTR)
        {
        }

        if (!Queue(new Submission { Operation = cancel, Descriptor = -1, OperationFlags = all | any, UserData = CancelTag }))
            return;
        while (InFlight > 0 && !_cancelRefused)
        {
            if (TryReap(out _, out _))
                continue;
            if (InFlight == 0 || _cancelRefused || Submit(1) < 0 && SocketCalls.LastError != Errno.EINTR)
                return;
        }
    }

    private bool Queue(in Submission submission)
    {
        if (_tail - Volatile.Read(ref *_submissionHead) >= _capacity)
            return false;
        _submissions[_tail & _submissionMask] = submission;
        // The kernel reads the entry only when it sees the new tail.
        Volatile.Write(ref *_submissionTail, ++_tail);
        InFlight++;
        return true;
    }

    // Before Linux 5.11 io_uring_enter knows no time limit.
    private int SubmitThenPoll(int waitFor, uint waiting, long nanoseconds)
    {
        int submitted = waiting == 0 ? 0 : (int)syscall(EnterNumber, _fd, (nint)waiting, 0, 0, 0, 0);
        if (submitted < 0 || Volatile.Read(ref *_completionTail) - *_completionHead >= (uint)waitFor)
            return submitted;
        var watched = new SocketCalls.PollFd { Fd = _fd, Events = SocketConstants.POLLIN };
        int came = SocketCalls.Poll(&watched, 1, (int)Math.Min((nanoseconds + 999_999) / 1_000_000, int.MaxValue));
        if (came == 0)
            Marshal.SetLastPInvokeError((int)Errno.ETIME);
        return came > 0 || submitted > 0 ? submitted : -1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint entries, nint parameters);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint fd, nint submitted, nint waitFor, nint flags, nint argument, nint size);
}
