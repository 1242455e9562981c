using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using NetLab.Core.Interop;

namespace NetLab.Tests.Interop;

public sealed unsafe class SignalCallsTests
{
    // Numbers that nothing else in the process uses.
    private const int Signal = 58, Handled = 57;

    private static int s_descriptor;
    private static int s_code;

    [Fact]
    public void A_set_has_what_was_added_and_nothing_else()
    {
        var set = SignalSet.Of(1, 34, 64);
        Assert.Equal([1, 34, 64], Enumerable.Range(1, 64).Where(signal => set.Contains(signal)));
    }

    [Fact]
    public void The_mask_is_the_threads_own_and_can_be_put_back() => OnThread(() =>
    {
        var set = SignalSet.Of(Signal);
        Assert.Equal(0, SignalCalls.Mask(SignalCalls.Block, in set, out var before));
        Assert.False(before.Contains(Signal));
        Assert.Equal(0, SignalCalls.Mask(SignalCalls.SetMask, in before, out var meanwhile));
        Assert.True(meanwhile.Contains(Signal));
        Assert.Equal(0, SignalCalls.Mask(SignalCalls.Block, default, out var after));
        Assert.False(after.Contains(Signal));
        Assert.Equal(-1, SignalCalls.Mask(99, in set, out _));
        Assert.Equal(Errno.EINVAL, SocketCalls.LastError);
    });

    [Fact]
    public void Data_sends_the_descriptors_signal_to_the_thread_that_owns_it() => OnThread(() =>
    {
        using var sockets = new ConnectedSockets();
        var set = SignalSet.Of(Signal);
        Assert.Equal(0, SignalCalls.Mask(SignalCalls.Block, in set, out var before));
        Arm(sockets, Signal);
        Assert.Equal(-1, SignalCalls.Wait(in set, out _, 0));
        Assert.Equal(Errno.EAGAIN, SocketCalls.LastError);

        sockets.Far.Send("hello"u8);
        Assert.Equal(Signal, SignalCalls.Wait(in set, out var info, 30_000_000_000));
        Assert.Equal((Signal, SignalInfo.POLL_IN, sockets.Descriptor), (info.Signal, info.Code, info.Descriptor));
        Assert.NotEqual(0, info.Band & (nint)PollEvents.Readable);

        Assert.Equal(0, DescriptorSignals.Stop(sockets.Descriptor));
        sockets.Far.Send("again"u8);
        Assert.Equal(1, Poll.Wait([new PollEntry(sockets.Descriptor, PollEvents.Readable)], TimeSpan.FromSeconds(30)));
        Assert.Equal(-1, SignalCalls.Wait(in set, out _, 0));
        SignalCalls.Mask(SignalCalls.SetMask, in before, out _);
    });

    [Fact]
    public void A_wait_is_ended_by_another_signals_handler() => OnThread(() =>
    {
        Assert.Equal(Errno.None, ThreadSignal.Prepare());
        var set = SignalSet.Of(Signal);
        SignalCalls.Mask(SignalCalls.Block, in set, out _);
        int thread = ThreadSignal.CurrentThread;
        using var ended = new CancellationTokenSource();
        // It may come before the wait has begun, so it comes until it has ended.
        var interrupter = new Thread(() =>
        {
            while (!ended.Token.WaitHandle.WaitOne(5))
                ThreadSignal.Interrupt(thread);
        });
        interrupter.Start();
        int result = SignalCalls.Wait(in set, out _, -1);
        var error = SocketCalls.LastError;
        ended.Cancel();
        interrupter.Join();
        Assert.Equal((-1, Errno.EINTR), (result, error));
    });

    [Fact]
    public void A_handler_runs_in_sigsuspend_and_learns_the_descriptor() => OnThread(() =>
    {
        using var sockets = new ConnectedSockets();
        (s_descriptor, s_code) = (0, 0);
        Assert.Equal(0, SignalCalls.Action(Handled, Handler(), SignalCalls.SA_SIGINFO | SignalCalls.SA_RESTART, out var old));
        var set = SignalSet.Of(Handled);
        SignalCalls.Mask(SignalCalls.Block, in set, out var before);
        Arm(sockets, Handled);
        sockets.Far.Send("hello"u8);
        while (Volatile.Read(ref s_code) == 0)
        {
            Assert.Equal(-1, SignalCalls.Suspend(in before));
            Assert.Equal(Errno.EINTR, SocketCalls.LastError);
        }

        Assert.Equal((sockets.Descriptor, SignalInfo.POLL_IN), (s_descriptor, s_code));
        Assert.Equal(0, DescriptorSignals.Stop(sockets.Descriptor));
        Assert.Equal(0, SignalCalls.Action(Handled, in old));
        SignalCalls.Mask(SignalCalls.SetMask, in before, out _);
    });

    private static nint Handler() => (nint)(delegate* unmanaged<int, SignalInfo*, void*, void>)&Note;

    [UnmanagedCallersOnly]
    private static void Note(int signal, SignalInfo* info, void* context)
    {
        s_descriptor = info->Descriptor;
        Volatile.Write(ref s_code, info->Code);
    }

    private static void Arm(ConnectedSockets sockets, int signal)
    {
        Assert.Equal(0, DescriptorSignals.OwnByThread(sockets.Descriptor, ThreadSignal.CurrentThread));
        Assert.Equal(0, DescriptorSignals.SetSignal(sockets.Descriptor, signal));
        Assert.Equal(0, DescriptorSignals.Start(sockets.Descriptor));
    }

    // Masks belong to a thread: a test takes one of its own.
    internal static void OnThread(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
