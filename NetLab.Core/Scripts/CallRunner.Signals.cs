using NetLab.Core.Interop;

namespace NetLab.Core.Scripts;

/// <summary>Signal-driven sockets: the kernel sends the actor's thread a signal at each change, and the thread takes it when it likes.</summary>
internal sealed unsafe partial class CallRunner
{
    // SIGRTMIN+26: a real-time signal, of which each one is queued and says which descriptor it is about. Nothing else in the process uses it.
    private const int DescriptorSignal = 60;

    // When the queue is full the kernel sends SIGIO in its place, which tells that some were lost.
    private static readonly SignalSet s_signals = SignalSet.Of(DescriptorSignal, SignalInbox.Sigio);

    private SignalSet _maskBefore;
    private bool _isBlocked;

    private StepResult SendSignals(StepContext context, LabSocket socket)
    {
        var set = s_signals;
        if (!_isBlocked)
        {
            // Before the first can come: what is not blocked and has no handler ends the process.
            var blocked = Invoke(context, "rt_sigprocmask", -1, "SIG_BLOCK, SIGRTMIN+26", () =>
            {
                int result = SignalCalls.Mask(SignalCalls.Block, in set, out var before);
                _maskBefore = before;
                return result;
            });
            if (blocked.Failed)
                return blocked;
            _isBlocked = true;
        }

        var armed = Plain(context, socket, "fcntl", $"F_SETOWN_EX, F_OWNER_TID {context.ThreadId}", () => DescriptorSignals.OwnByThread(socket.Fd, context.ThreadId));
        if (!armed.Failed)
            armed = Plain(context, socket, "fcntl", "F_SETSIG, SIGRTMIN+26", () => DescriptorSignals.SetSignal(socket.Fd, DescriptorSignal));
        return armed.Failed ? armed : Plain(context, socket, "fcntl", "F_SETFL, O_ASYNC", () => DescriptorSignals.Start(socket.Fd));
    }

    private StepResult WaitSignal(StepContext context, WaitSignal wait)
    {
        if (!_isBlocked)
            return new StepResult { Refusal = "no socket of this actor sends signals yet: sigio comes first" };
        var set = s_signals;
        SignalInfo info = default;
        var result = Invoke(context, "rt_sigtimedwait", -1, $"SIGRTMIN+26, {wait.Timeout?.ToString() ?? "no limit"}",
            () => SignalCalls.Wait(in set, out info, wait.Timeout?.Nanoseconds ?? -1),
            tell: report => report.Result < 0 ? report : report with { Fd = info.Descriptor, Arguments = $"{report.Arguments}: {(info.Signal == SignalInbox.Sigio ? "SIGIO, some were lost" : Code(info.Code))}" });
        // As with poll: the time that is over is no failure.
        if (result.Error == Errno.EAGAIN)
            return new StepResult { Number = 0 };
        if (!result.Failed)
            result.Number = 1;
        return result;
    }

    private static string Code(int code) => code switch
    {
        SignalInfo.POLL_IN => "POLL_IN",
        SignalInfo.POLL_OUT => "POLL_OUT",
        SignalInfo.POLL_ERR => "POLL_ERR",
        SignalInfo.POLL_HUP => "POLL_HUP",
        _ => $"code {code}",
    };

    // No more are sent, those that wait are taken, and only then is the signal let through again.
    private void EndSignals()
    {
        if (!_isBlocked)
            return;
        foreach (var socket in Sockets.All)
        {
            if (socket.IsOpen)
                _ = DescriptorSignals.Stop(socket.Fd);
        }

        var set = s_signals;
        while (SignalCalls.Wait(in set, out _, 0) > 0 || SocketCalls.LastError == Errno.EINTR)
        {
        }

        _ = SignalCalls.Mask(SignalCalls.SetMask, in _maskBefore, out _);
        _isBlocked = false;
    }
}
