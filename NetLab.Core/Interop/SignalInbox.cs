using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetLab.Core.Interop;

/// <summary>
/// SIGIO and a real-time signal for one thread, taken by a handler that runs while the thread is in <see cref="Suspend"/> and at no other time: managed code
/// may run in it only because nothing else of this thread does. The signals are blocked from the opening to the end; handlers and mask are then as before.
/// </summary>
internal sealed unsafe class SignalInbox : IDisposable
{
    /// <summary>SIGIO: standard, so one pending signal may stand for many.</summary>
    public const int Sigio = 29;

    /// <summary>A real-time signal, which queues. The runtime has 34 and <see cref="ThreadSignal"/> 61.</summary>
    public const int Queued = 58;

    private const int Room = 4_096;
    private static readonly Lock s_lock = new();
    private static int s_users;
    private static SignalAction s_sigioBefore, s_queuedBefore;

    [ThreadStatic]
    private static SignalInbox? t_own;

    // The handler writes what came; a signal for which there is no room stands for some that were lost.
    private readonly (int Signal, int Descriptor)[] _came = new (int, int)[Room];
    private readonly SignalSet _before, _whileSuspended;
    private int _written, _read;

    private SignalInbox(SignalSet before, SignalSet whileSuspended) => (_before, _whileSuspended) = (before, whileSuspended);

    /// <summary>How many signals have come and were not taken yet.</summary>
    public int Count => _written - _read;

    /// <summary>Blocks the signals for the calling thread, and installs the handler if nobody has.</summary>
    public static SignalInbox Open()
    {
        _ = SignalCalls.Mask(SignalCalls.Block, SignalSet.Of(Sigio, Queued), out var before);
        lock (s_lock)
        {
            if (s_users++ == 0)
            {
                nint handler = (nint)(delegate* unmanaged[Cdecl]<int, SignalInfo*, void*, void>)&Handle;
                _ = SignalCalls.Action(Sigio, handler, SignalCalls.SA_SIGINFO, out s_sigioBefore);
                _ = SignalCalls.Action(Queued, handler, SignalCalls.SA_SIGINFO, out s_queuedBefore);
            }
        }

        // All that was let in before, and these two.
        var open = new SignalSet();
        for (int signal = 1; signal <= 64; signal++)
        {
            if (before.Contains(signal) && signal is not (Sigio or Queued))
                open.Add(signal);
        }

        var inbox = new SignalInbox(before, open);
        // Compiled now, and not while a signal waits.
        inbox.Keep(0, 0);
        inbox._written = 0;
        return t_own = inbox;
    }

    /// <summary>sigsuspend(2): sleeps until a signal's handler has run.</summary>
    public void Suspend()
    {
        if (_read == _written)
            (_read, _written) = (0, 0);
        _ = SignalCalls.Suspend(in _whileSuspended);
    }

    /// <summary>Takes the oldest signal.</summary>
    /// <param name="signal">Which.</param>
    /// <param name="descriptor">The descriptor that it is about.</param>
    public bool TryTake(out int signal, out int descriptor)
    {
        bool isThere = _read < _written;
        (signal, descriptor) = isThere ? _came[_read++] : default;
        return isThere;
    }

    /// <summary>Takes what is still pending away, then the handler, then restores the mask. The descriptors must send no more signals to this thread.</summary>
    public void Dispose()
    {
        while (SignalCalls.Wait(SignalSet.Of(Sigio, Queued), out _, 0) > 0)
        {
        }

        t_own = null;
        lock (s_lock)
        {
            if (--s_users == 0)
            {
                _ = SignalCalls.Action(Sigio, in s_sigioBefore);
                _ = SignalCalls.Action(Queued, in s_queuedBefore);
            }
        }

        _ = SignalCalls.Mask(SignalCalls.SetMask, in _before, out _);
    }

    private void Keep(int signal, int descriptor)
    {
        if (_written < Room - 1)
            _came[_written++] = (signal, descriptor);
        else if (_written == Room - 1)
            _came[_written++] = (Sigio, -1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Handle(int signal, SignalInfo* info, void* context) => t_own?.Keep(signal, info->Descriptor);
}
