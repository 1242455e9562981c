using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>How the end of an asynchronous read is told; nothing is told by the default.</summary>
/// <param name="Signal">The signal that is sent with code SI_ASYNCIO.</param>
/// <param name="ThreadId">The thread it goes to; 0 for the process, where any thread that has it not blocked takes it.</param>
/// <param name="Value">What comes with it as si_value, from 0 to 65,535.</param>
internal readonly record struct AioNotice(int Signal, int ThreadId, int Value = 0);

/// <summary>
/// One asynchronous read after another (aio(7)). The kernel knows nothing of it: glibc reads in a thread of its own, which sleeps in read(2)
/// until data comes. The methods are the calls as they are: -1 is a failure, and its number waits in <see cref="SocketCalls.LastError"/>.
/// </summary>
/// <remarks>
/// The buffer must stay where it is, and the descriptor open, until <see cref="Error"/> says something else than EINPROGRESS. A read that
/// has begun can't be cancelled on a socket (<see cref="Cancel"/> gives <see cref="NotCancelled"/>): its owner makes it end by shutdown(2) of the
/// socket, and only then may it be disposed of. <see cref="Dispose"/> waits for the end of what is still in flight, for ever if need be.
/// </remarks>
internal sealed unsafe partial class AioRead : IDisposable
{
    /// <summary>What <see cref="Cancel"/> gives.</summary>
    public const int Cancelled = 0, NotCancelled = 1, AllDone = 2;

    // Where these functions are in old C libraries; in newer ones the file is empty but needs libc.so.6, where they are now.
    private const string Library = "librt.so.1";
    private const int NotifyNot = 1, NotifyBySignal = 0, NotifyByThread = 2;

    private readonly ControlBlock* _block = (ControlBlock*)NativeMemory.AllocZeroed((nuint)sizeof(ControlBlock));
    private bool _started;
    private bool _disposed;

    /// <summary>Whether a read was started and has not ended.</summary>
    public bool IsInFlight => _started && Error() == (int)Errno.EINPROGRESS;

    /// <summary>aio_read(3) at the descriptor's position. The read before it must have ended.</summary>
    /// <returns>0, or -1 with EAGAIN where glibc can't make its thread.</returns>
    /// <exception cref="InvalidOperationException">The read before it is still in flight.</exception>
    public int Start(int fd, byte* buffer, int length, AioNotice notice = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsInFlight)
            throw new InvalidOperationException("The read before this one is still in flight.");
        *_block = new ControlBlock { Descriptor = fd, Buffer = buffer, Length = (nuint)length };
        if (notice.Signal == 0)
        {
            _block->Notify = NotifyNot;
        }
        else if (notice.ThreadId == 0)
        {
            (_block->Notify, _block->Signal, _block->Value) = (NotifyBySignal, notice.Signal, notice.Value);
        }
        else
        {
            // glibc passes over SIGEV_THREAD_ID here, so its own thread sends the signal; all it needs fits into the value, so that no memory has to outlive the read.
            (_block->Notify, _block->Function) = (NotifyByThread, (nint)(delegate* unmanaged<ulong, void>)&SignalThread);
            _block->Value = (nint)((uint)notice.ThreadId | (ulong)(uint)notice.Signal << 32 | (ulong)(ushort)notice.Value << 40);
        }

        int result = aio_read(_block);
        _started = result == 0;
        return result;
    }

    /// <summary>aio_error(3): 0 when the read has ended, EINPROGRESS (115) while it is in flight, else the number of its error.</summary>
    public int Error() => aio_error(_block);

    /// <summary>aio_return(3): what read(2) returned. Once a read, and only when it has ended.</summary>
    public nint Return() => aio_return(_block);

    /// <summary>aio_suspend(3): sleeps until the read has ended.</summary>
    /// <param name="nanoseconds">How long; negative for ever.</param>
    /// <returns>0, or -1 with EAGAIN when the time is over and EINTR when a signal's handler ran.</returns>
    public int Suspend(long nanoseconds)
    {
        var time = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        var block = _block;
        return aio_suspend(&block, 1, nanoseconds < 0 ? null : &time);
    }

    /// <summary>aio_cancel(3).</summary>
    /// <returns><see cref="Cancelled"/>, <see cref="NotCancelled"/> or <see cref="AllDone"/>, or -1.</returns>
    public int Cancel() => _started ? aio_cancel(_block->Descriptor, _block) : AllDone;

    /// <summary>Gives the memory back, once nothing is in flight any more.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (IsInFlight)
            _ = Cancel();
        while (IsInFlight)
            _ = Suspend(-1);
        NativeMemory.Free(_block);
    }

    [UnmanagedCallersOnly]
    private static void SignalThread(ulong value)
    {
        int signal = (int)(value >> 32 & 0xff);
        var info = new SignalInfo { Signal = signal, Code = SignalInfo.SI_ASYNCIO, Value = (nint)(value >> 40) };
        // While the user's queue of signals is full (EAGAIN) it is tried again, since whoever waits waits for this; a thread that is gone needs none.
        while (syscall(QueueToThread, Environment.ProcessId, (int)(uint)value, signal, &info) != 0 && SocketCalls.LastError == Errno.EAGAIN)
            PreciseSleep.Until(KernelClock.Monotonic + 1_000_000);
    }

    // rt_tgsigqueueinfo(2), for which the C library has no function.
    private static readonly nint QueueToThread = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 297 : 240;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint processId, nint threadId, nint signal, SignalInfo* info);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int aio_read(ControlBlock* block);

    [LibraryImport(Library)]
    private static partial int aio_error(ControlBlock* block);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint aio_return(ControlBlock* block);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int aio_suspend(ControlBlock** blocks, int count, TimeSpec* timeout);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int aio_cancel(int fd, ControlBlock* block);

    /// <summary>glibc's struct aiocb where pointers have 64 bits, with the struct sigevent in it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 168)]
    private struct ControlBlock
    {
        [FieldOffset(0)]
        public int Descriptor;

        [FieldOffset(16)]
        public byte* Buffer;

        [FieldOffset(24)]
        public nuint Length;

        [FieldOffset(32)]
        public nint Value;

        [FieldOffset(40)]
        public int Signal;

        [FieldOffset(44)]
        public int Notify;

        [FieldOffset(48)]
        public nint Function;
    }
}
