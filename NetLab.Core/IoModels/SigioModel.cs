using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.IoModels;

/// <summary>
/// Signal-driven I/O: the descriptor belongs to this thread (F_SETOWN_EX) and sends it a signal when something comes (O_ASYNC). With one descriptor that is
/// SIGIO, which does not queue: what comes while it is pending has no signal of its own, so recv is called until nothing is left. With several it is a
/// real-time signal (F_SETSIG), which queues and says which descriptor it is about; when the queue is full, SIGIO says that some were lost.
/// </summary>
internal sealed class SigioModel : ModelRun
{
    private SignalInbox? _inbox;
    private int[] _descriptors = [];

    public override void Prepare(LaneReader lane)
    {
        _inbox = SignalInbox.Open();
        _descriptors = lane.Descriptors.ToArray();
        int signal = lane.Descriptors.Length == 1 ? SignalInbox.Sigio : SignalInbox.Queued;
        foreach (int descriptor in lane.Descriptors)
        {
            lane.Prepare(IoCall.Fcntl, DescriptorSignals.OwnByThread(descriptor, ThreadSignal.CurrentThread));
            lane.Prepare(IoCall.Fcntl, DescriptorSignals.SetSignal(descriptor, signal));
            lane.Prepare(IoCall.Fcntl, SocketCalls.Fcntl(descriptor, F_SETFL, O_ASYNC | O_NONBLOCK));
        }
    }

    public override void Read(LaneReader lane)
    {
        while (lane.Expects)
        {
            // Until now the signals were blocked; sigsuspend lets them in, and returns when the handler has run.
            lane.Enter(IoCall.Sigsuspend, LanePhase.Free);
            _inbox!.Suspend();
            lane.Leave(0, LanePhase.Free, LanePhase.Ready);
            lane.CountSignals(_inbox.Count);
            bool isLost = false;
            while (_inbox.TryTake(out int signal, out int descriptor))
            {
                isLost |= signal == SignalInbox.Sigio;
                if (signal == SignalInbox.Queued)
                    Drain(lane, lane.Descriptors.IndexOf(descriptor));
            }

            for (int place = 0; isLost && place < lane.Descriptors.Length; place++)
                Drain(lane, place);
        }
    }

    // The signals must have ended before the handler is taken away: without one they would end the program.
    public override void Undo()
    {
        foreach (int descriptor in _descriptors)
            _ = DescriptorSignals.Stop(descriptor);
        _inbox?.Dispose();
    }

    private static void Drain(LaneReader lane, int place)
    {
        while (place >= 0 && lane.Expects && lane.Receive(place, LanePhase.Spinning) > 0)
        {
        }
    }
}
