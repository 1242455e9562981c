using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.IoModels;

/// <summary>Non-blocking I/O: recv never sleeps, it fails with EWOULDBLOCK; so it is asked again and again, each descriptor in its turn.</summary>
internal sealed class NonblockingModel : ModelRun
{
    public override void Prepare(LaneReader lane)
    {
        foreach (int descriptor in lane.Descriptors)
            lane.Prepare(IoCall.Fcntl, SocketCalls.Fcntl(descriptor, F_SETFL, O_NONBLOCK));
    }

    public override void Read(LaneReader lane)
    {
        int place = 0;
        while (lane.Expects)
        {
            lane.Receive(place, LanePhase.Spinning);
            place = place + 1 < lane.Descriptors.Length ? place + 1 : 0;
        }
    }
}
