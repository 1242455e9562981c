using NetLab.Core.Tcp;

namespace NetLab.Core.Kernel;

/// <summary>Where the fields of sock:inet_sock_set_state lie on this kernel.</summary>
internal sealed record StateEventLayout(
    ushort Id, int Length, EventField Type, EventField Flags, EventField Thread, EventField Socket, EventField OldState, EventField NewState,
    EventField LocalPort, EventField RemotePort, EventField Family, EventField Protocol,
    EventField LocalV4, EventField RemoteV4, EventField LocalV6, EventField RemoteV6)
{
    private const int Inet6 = 10, Tcp = 6;
    private const byte HardInterrupt = 0x08, SoftInterrupt = 0x10;

    /// <summary>Takes the fields from the format; null where one is missing.</summary>
    internal static StateEventLayout? From(EventFormat format)
    {
        string[] names =
        [
            "common_type", "common_flags", "common_pid", "skaddr", "oldstate", "newstate", "sport", "dport", "family", "protocol",
            "saddr", "daddr", "saddr_v6", "daddr_v6",
        ];
        if (Array.Exists(names, name => format[name] is null))
            return null;
        var f = names.Select(name => format[name]!.Value).ToArray();
        return f[10].Size != 4 || f[11].Size != 4 || f[12].Size != 16 || f[13].Size != 16
            ? null
            : new StateEventLayout(format.Id, format.Length, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12], f[13]);
    }

    /// <summary>Reads a record; all but its time and owner.</summary>
    /// <returns>False for another event, and for a socket that is not TCP.</returns>
    internal bool TryRead(ReadOnlySpan<byte> record, out LabEvent entry)
    {
        entry = default;
        if (record.Length < Length || (ushort)Type.Read(record) != Id || Protocol.Read(record) != Tcp)
            return false;
        bool v6 = Family.Read(record) == Inet6;
        entry.Kind = EventKind.State;
        entry.Provenance = Provenance.Observed;
        entry.ThreadId = (int)Thread.Read(record);
        entry.Socket = Socket.Read(record);
        entry.Tuple = new FourTuple(
            new Endpoint(IpAddress.FromBytes((v6 ? LocalV6 : LocalV4).Bytes(record)), (ushort)LocalPort.Read(record)),
            new Endpoint(IpAddress.FromBytes((v6 ? RemoteV6 : RemoteV4).Bytes(record)), (ushort)RemotePort.Read(record)));
        entry.Detail.State = new StateDetail
        {
            From = KernelState.ToTcpState((byte)OldState.Read(record)),
            To = KernelState.ToTcpState((byte)NewState.Read(record)),
            Context = (Flags.Read(record) & (SoftInterrupt | HardInterrupt)) != 0 ? ExecutionContext.SoftInterrupt : ExecutionContext.Process,
        };
        return true;
    }
}

/// <summary>The kernel's numbers of the states (include/net/tcp_states.h).</summary>
internal static class KernelState
{
    private static ReadOnlySpan<TcpState> States =>
    [
        TcpState.Unknown, TcpState.Established, TcpState.SynSent, TcpState.SynRcvd, TcpState.FinWait1, TcpState.FinWait2, TcpState.TimeWait,
        TcpState.Closed, TcpState.CloseWait, TcpState.LastAck, TcpState.Listen, TcpState.Closing, TcpState.SynRcvd,
    ];

    /// <summary>The state; TCP_NEW_SYN_RECV, a request that has no socket yet, is SYN_RCVD too.</summary>
    internal static TcpState ToTcpState(byte number) => number < States.Length ? States[number] : TcpState.Unknown;

    /// <summary>The kernel's numbers of some states, a bit each; the numbers without a name of RFC 9293 come with "all".</summary>
    internal static uint Mask(TcpStateSet states)
    {
        if (states == TcpStateSet.All)
            return uint.MaxValue;
        uint mask = 0;
        for (int number = 1; number < States.Length; number++)
            mask |= states.Contains(States[number]) ? 1u << number : 0;
        return mask;
    }
}
