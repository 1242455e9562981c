using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.IoModels;

/// <summary>Multiplexing with poll: it sleeps until one of a list is ready, whatever the descriptors' numbers. The whole list goes to the kernel and back each time.</summary>
internal sealed unsafe class PollModel : ModelRun
{
    public override void Read(LaneReader lane)
    {
        var list = new SocketCalls.PollFd[lane.Descriptors.Length];
        for (int place = 0; place < list.Length; place++)
            list[place] = new SocketCalls.PollFd { Fd = lane.Descriptors[place], Events = POLLIN };
        while (lane.Expects)
        {
            lane.Enter(IoCall.Poll, LanePhase.Waiting);
            int ready;
            fixed (SocketCalls.PollFd* watched = list)
                ready = SocketCalls.Poll(watched, (nuint)list.Length, -1);
            lane.Leave(ready, LanePhase.Waiting, LanePhase.Ready);
            for (int place = 0; place < list.Length && ready > 0; place++)
            {
                if (list[place].Revents == 0)
                    continue;
                ready--;
                lane.Receive(place, LanePhase.Ready);
            }
        }
    }
}
