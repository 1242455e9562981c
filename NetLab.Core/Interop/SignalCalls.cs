using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>The C library's signal calls as they are: -1 is a failure, and its number waits in <see cref="SocketCalls.LastError"/>.</summary>
internal static unsafe partial class SignalCalls
{
    /// <summary>How <see cref="Mask"/> changes the mask: these too, these no more, exactly these.</summary>
    public const int Block = 0, Unblock = 1, SetMask = 2;

    public const int SA_SIGINFO = 4, SA_RESTART = 0x10000000, SA_ONSTACK = 0x08000000, SA_NODEFER = 0x40000000;

    /// <summary>Handlers that are no functions.</summary>
    public const nint SIG_DFL = 0, SIG_IGN = 1;

    /// <summary>pthread_sigmask(3), of the calling thread.</summary>
    /// <returns>0, or -1.</returns>
    public static int Mask(int how, in SignalSet set, out SignalSet before)
    {
        int error = pthread_sigmask(how, in set, out before);
        if (error == 0)
            return 0;
        // The one call of these that returns the error itself.
        Marshal.SetLastPInvokeError(error);
        return -1;
    }

    /// <summary>sigtimedwait(2): takes a signal that is pending or comes; the thread must have it blocked.</summary>
    /// <param name="set">The signals waited for.</param>
    /// <param name="info">The one that came, and why.</param>
    /// <param name="nanoseconds">How long; negative for ever.</param>
    /// <returns>The signal's number, or -1 with EAGAIN when the time is over and EINTR when a handler of another ran.</returns>
    public static int Wait(in SignalSet set, out SignalInfo info, long nanoseconds)
    {
        var time = new TimeSpec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        return sigtimedwait(in set, out info, nanoseconds < 0 ? null : &time);
    }

    /// <summary>sigsuspend(2): sleeps with this mask until a handler has run.</summary>
    /// <returns>Always -1, with EINTR.</returns>
    [LibraryImport("libc", EntryPoint = "sigsuspend", SetLastError = true)]
    public static partial int Suspend(in SignalSet mask);

    /// <summary>sigaction(2) with a handler.</summary>
    /// <param name="signal">Which.</param>
    /// <param name="handler">
    /// A function that may run at any instruction: native, or managed with UnmanagedCallersOnly that does no more than write memory.
    /// </param>
    /// <param name="flags"><see cref="SA_SIGINFO"/> and others.</param>
    /// <param name="before">What stood there, to be put back by <see cref="Action(int, in SignalAction)"/>.</param>
    /// <returns>0, or -1.</returns>
    public static int Action(int signal, nint handler, int flags, out SignalAction before)
    {
        var action = new SignalAction { Handler = handler, Flags = flags };
        fixed (SignalAction* old = &before)
            return sigaction(signal, &action, old);
    }

    /// <summary>sigaction(2) with what another call gave back.</summary>
    /// <returns>0, or -1.</returns>
    public static int Action(int signal, in SignalAction action)
    {
        fixed (SignalAction* pointer = &action)
            return sigaction(signal, pointer, null);
    }

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, in SignalSet set, out SignalSet before);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigtimedwait(in SignalSet set, out SignalInfo info, TimeSpec* timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, SignalAction* action, SignalAction* old);
}

/// <summary>A set of signals as the C library has it (sigset_t, 128 bytes).</summary>
internal unsafe struct SignalSet
{
    private fixed ulong _words[16];

    /// <summary>A set of these.</summary>
    public static SignalSet Of(params ReadOnlySpan<int> signals)
    {
        SignalSet set = default;
        foreach (int signal in signals)
            set.Add(signal);
        return set;
    }

    /// <summary>Adds a signal.</summary>
    /// <param name="signal">From 1 to 64.</param>
    public void Add(int signal) => _words[(signal - 1) / 64] |= 1UL << ((signal - 1) % 64);

    /// <summary>Whether a signal, from 1 to 64, is in it.</summary>
    public readonly bool Contains(int signal) => (_words[(signal - 1) / 64] & 1UL << ((signal - 1) % 64)) != 0;
}

/// <summary>What the kernel tells with a signal (siginfo_t). Which of the fields mean something, the code says.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalInfo
{
    /// <summary>The codes of a descriptor's signal: something to read, room to write, an error, the other end gone.</summary>
    public const int POLL_IN = 1, POLL_OUT = 2, POLL_ERR = 4, POLL_HUP = 6;

    /// <summary>The codes of a signal that a process, a full queue of descriptors' signals, or the end of an asynchronous read sent.</summary>
    public const int SI_QUEUE = -1, SI_ASYNCIO = -4, SI_SIGIO = -5, SI_TKILL = -6;

    /// <summary>The signal.</summary>
    [FieldOffset(0)]
    public int Signal;

    /// <summary>Why it came.</summary>
    [FieldOffset(8)]
    public int Code;

    /// <summary>si_band: the events of poll(2), of a descriptor's signal.</summary>
    [FieldOffset(16)]
    public nint Band;

    /// <summary>si_fd: the descriptor, of a descriptor's signal.</summary>
    [FieldOffset(24)]
    public int Descriptor;

    /// <summary>si_value, of a signal that a process or an asynchronous read sent.</summary>
    [FieldOffset(24)]
    public nint Value;
}

/// <summary>What is done with a signal (glibc's struct sigaction on 64-bit Linux).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalAction
{
    /// <summary>The handler.</summary>
    public nint Handler;

    /// <summary>What else is blocked while it runs.</summary>
    public SignalSet Mask;

    /// <summary><see cref="SignalCalls.SA_SIGINFO"/> and others.</summary>
    public int Flags;

    /// <summary>glibc's own.</summary>
    public nint Restorer;
}

/// <summary>struct timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    /// <summary>Whole seconds.</summary>
    public nint Seconds;

    /// <summary>Nanoseconds beyond them.</summary>
    public nint Nanoseconds;
}
