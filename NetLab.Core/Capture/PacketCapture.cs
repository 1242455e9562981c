using NetLab.Core.Interop;

namespace NetLab.Core.Capture;

/// <summary>Opens captures by libpcap, and says in a sentence what was in the way.</summary>
internal static class PacketCapture
{
    /// <summary>How late a packet may come out of a block that is not full where nothing else was asked for, in milliseconds.</summary>
    internal const int BlockMilliseconds = 20;

    /// <summary>Opens a capture that does not block: nanosecond stamps, not promiscuous.</summary>
    internal static PcapHandle? Open(PacketRequest request, out Obstacle? obstacle, out CaptureRefusal refusal)
    {
        refusal = CaptureRefusal.NoLibpcap;
        if (!Pcap.IsAvailable)
        {
            obstacle = new Obstacle("Packets need libpcap, which is not on this machine.", "sudo apt-get install libpcap0.8");
            return null;
        }

        refusal = CaptureRefusal.Other;
        var handle = Pcap.Create(request.Interface, out string error);
        if (handle.IsInvalid)
        {
            obstacle = new Obstacle($"The capture on {request.Interface} could not be made: {error}.");
            return null;
        }

        _ = Pcap.SetSnapLength(handle, request.SnapLength);
        if (request.Delivery == PacketDelivery.AtOnce)
            _ = Pcap.SetImmediateMode(handle, 1);
        else
            _ = Pcap.SetTimeout(handle, request.BlockMilliseconds);
        _ = Pcap.SetPromiscuous(handle, 0);
        _ = Pcap.SetBufferSize(handle, request.BufferSize);
        _ = Pcap.SetTimestampPrecision(handle, Pcap.NanosecondPrecision);
        int status = Pcap.Activate(handle);
        obstacle = status < 0 ? Refused(handle, status, request.Interface, out refusal) : ApplyFilter(handle, request.Filter, out refusal);
        if (obstacle is null && Pcap.SetNonBlocking(handle) < 0)
            (obstacle, refusal) = (new Obstacle($"The capture on {request.Interface} could not be made: {Pcap.LastError(handle)}."), CaptureRefusal.Other);
        if (obstacle is null)
            return handle;
        handle.Dispose();
        return null;
    }

    private static Obstacle Refused(PcapHandle handle, int status, string device, out CaptureRefusal refusal)
    {
        refusal = status switch
        {
            Pcap.PermissionDenied => CaptureRefusal.NotPermitted,
            Pcap.NoSuchDevice => CaptureRefusal.NoSuchInterface,
            _ => CaptureRefusal.Other,
        };
        return refusal switch
        {
            CaptureRefusal.NotPermitted => new Obstacle("Capturing packets needs root or CAP_NET_RAW.", "sudo ./netlab"),
            CaptureRefusal.NoSuchInterface => new Obstacle($"There is no interface '{device}' on this machine.", "ip link"),
            _ => new Obstacle($"The capture on {device} could not begin: {(Pcap.LastError(handle) is { Length: > 0 } said ? said : Pcap.StatusText(status))}."),
        };
    }

    private static Obstacle? ApplyFilter(PcapHandle handle, string filter, out CaptureRefusal refusal)
    {
        refusal = CaptureRefusal.BadFilter;
        if (Pcap.Compile(handle, out var program, filter, 1, uint.MaxValue) < 0)
            return new Obstacle($"The capture filter '{filter}' is wrong: {Pcap.LastError(handle)}.");
        int status = Pcap.SetFilter(handle, program);
        Pcap.FreeCode(ref program);
        refusal = status < 0 ? CaptureRefusal.Other : CaptureRefusal.None;
        return status < 0 ? new Obstacle($"The capture filter '{filter}' could not be set: {Pcap.LastError(handle)}.") : null;
    }
}
