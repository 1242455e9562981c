using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>Multiplexing with epoll: the kernel keeps the set, and tells only of those that are ready.</summary>
internal sealed unsafe class EpollModel : ModelRun
{
    // As many as one epoll_wait tells of; the rest comes with the next.
    private const int MostEvents = 64;

    private int _epoll = -1;

    public override void Prepare(LaneReader lane)
    {
        _epoll = lane.Prepare(IoCall.EpollCreate, EpollCalls.Create());
        for (int place = 0; place < lane.Descriptors.Length; place++)
        {
            // The data is ours to choose: the place, by which the descriptor is found again.
            var wanted = new EpollEvent { Events = EpollCalls.In, Descriptor = place };
            lane.Prepare(IoCall.EpollCtl, EpollCalls.Control(_epoll, EpollCalls.Add, lane.Descriptors[place], &wanted));
        }
    }

    public override void Read(LaneReader lane)
    {
        var events = stackalloc EpollEvent[MostEvents];
        while (lane.Expects)
        {
            lane.Enter(IoCall.EpollWait, LanePhase.Waiting);
            int ready = EpollCalls.Wait(_epoll, events, MostEvents, -1);
            lane.Leave(ready, LanePhase.Waiting, LanePhase.Ready);
            for (int index = 0; index < ready; index++)
                lane.Receive(events[index].Descriptor, LanePhase.Ready);
        }
    }

    public override void Undo()
    {
        if (_epoll >= 0)
            _ = SocketCalls.Close(_epoll);
    }
}
