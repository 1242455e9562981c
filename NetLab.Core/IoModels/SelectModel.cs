using NetLab.Core.Interop;

namespace NetLab.Core.IoModels;

/// <summary>Multiplexing with select: it sleeps until one of a set is ready. The set is a bitmap that the call overwrites, so it is filled in anew each time.</summary>
internal sealed unsafe class SelectModel : ModelRun
{
    // FD_SETSIZE: fd_set has so many bits, however many descriptors a process may have. glibc refuses more (_FORTIFY_SOURCE), and so do we.
    public const int SetSize = 1_024;

    private readonly ulong[] _set = new ulong[SetSize / 64];

    public override string? Refuses(ReadOnlySpan<int> descriptors)
    {
        int highest = 0;
        foreach (int descriptor in descriptors)
            highest = Math.Max(highest, descriptor);
        return highest < SetSize ? null : $"select ends at FD_SETSIZE: descriptor {highest} does not fit into a set of {SetSize}";
    }

    public override void Read(LaneReader lane)
    {
        int highest = 0;
        foreach (int descriptor in lane.Descriptors)
            highest = Math.Max(highest, descriptor);
        while (lane.Expects)
        {
            Array.Clear(_set);
            foreach (int descriptor in lane.Descriptors)
                _set[descriptor / 64] |= 1UL << (descriptor % 64);
            lane.Enter(IoCall.Select, LanePhase.Waiting);
            int ready;
            fixed (ulong* set = _set)
                ready = SocketCalls.Select(highest + 1, set, null, null, null);
            lane.Leave(ready, LanePhase.Waiting, LanePhase.Ready);
            if (ready <= 0)
                continue;
            for (int place = 0; place < lane.Descriptors.Length; place++)
            {
                int descriptor = lane.Descriptors[place];
                if ((_set[descriptor / 64] & (1UL << (descriptor % 64))) != 0)
                    lane.Receive(place, LanePhase.Ready);
            }
        }
    }
}
