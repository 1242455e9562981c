using System.Runtime.CompilerServices;

namespace NetLab.Core.Packets;

/// <summary>What <see cref="PacketHeaders.Parse"/> found wrong, if anything.</summary>
public enum HeaderProblem : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A header was cut off by the snap length.</summary>
    Truncated,

    /// <summary>A length says what cannot be.</summary>
    Malformed,

    /// <summary>No header of this kind is known.</summary>
    Unknown,
}

/// <summary>
/// Where the headers of one packet lie and what names its connection: all that live views and the tracker need, in one struct,
/// with no allocation. Offsets count from the frame's first byte.
/// </summary>
public struct PacketHeaders
{
    /// <summary>The source address; unspecified where there is no IP.</summary>
    public IpAddress Source { readonly get; private set; }

    /// <summary>The destination address; unspecified where there is no IP.</summary>
    public IpAddress Destination { readonly get; private set; }

    /// <summary>The source port, 0 where there is none.</summary>
    public ushort SourcePort { readonly get; private set; }

    /// <summary>The destination port, 0 where there is none.</summary>
    public ushort DestinationPort { readonly get; private set; }

    /// <summary>What the network layer is.</summary>
    public EtherType Network { readonly get; private set; }

    /// <summary>What the IP payload is, extension headers skipped.</summary>
    public IpProtocol Transport { readonly get; private set; }

    /// <summary>The time to live or hop limit.</summary>
    public byte HopLimit { readonly get; private set; }

    /// <summary>Whether this is a fragment that is not the first one, so that it has no ports.</summary>
    public bool IsLaterFragment { readonly get; private set; }

    /// <summary>Whether more fragments follow.</summary>
    public bool MoreFragments { readonly get; private set; }

    /// <summary>What was found wrong; fields up to there are filled.</summary>
    public HeaderProblem Problem { readonly get; private set; }

    /// <summary>TCP's flags.</summary>
    public TcpFlags TcpFlags { readonly get; private set; }

    /// <summary>TCP's window, not scaled.</summary>
    public ushort Window { readonly get; private set; }

    /// <summary>TCP's sequence number, as on the wire.</summary>
    public uint SequenceNumber { readonly get; private set; }

    /// <summary>TCP's acknowledgment number, as on the wire.</summary>
    public uint AcknowledgmentNumber { readonly get; private set; }

    /// <summary>Where the network layer begins.</summary>
    public int NetworkOffset { readonly get; private set; }

    /// <summary>Where the transport layer begins; 0 where there is none.</summary>
    public int TransportOffset { readonly get; private set; }

    /// <summary>Where the transport's payload begins; 0 where there is none.</summary>
    public int PayloadOffset { readonly get; private set; }

    /// <summary>The transport's payload in bytes, as the IP and UDP lengths have it (the wire's truth, captured or not).</summary>
    public int PayloadLength { readonly get; private set; }

    /// <summary>How many bytes of that payload were captured.</summary>
    public int CapturedPayloadLength { readonly get; private set; }

    /// <summary>Source address and port.</summary>
    public readonly Endpoint SourceEndpoint => new(Source, SourcePort);

    /// <summary>Destination address and port.</summary>
    public readonly Endpoint DestinationEndpoint => new(Destination, DestinationPort);

    /// <summary>The connection as its sender sees it.</summary>
    public readonly FourTuple FourTuple => new(SourceEndpoint, DestinationEndpoint);

    /// <summary>Whether a TCP header was read.</summary>
    public readonly bool IsTcp => Transport == IpProtocol.Tcp && PayloadOffset > 0;

    /// <summary>Whether a UDP header was read.</summary>
    public readonly bool IsUdp => Transport == IpProtocol.Udp && PayloadOffset > 0;

    /// <summary>Where TCP's options begin and how many bytes they have; (0, 0) where there are none.</summary>
    public readonly (int Offset, int Length) TcpOptions => IsTcp && PayloadOffset - TransportOffset > TcpHeader.MinLength
        ? (TransportOffset + TcpHeader.MinLength, PayloadOffset - TransportOffset - TcpHeader.MinLength) : default;

    /// <summary>Reads the headers down to TCP or UDP. Never throws; <see cref="Problem"/> says what stopped it.</summary>
    /// <returns>Whether a TCP or UDP header was read.</returns>
    [SkipLocalsInit]
    public static bool Parse(LinkType linkType, ReadOnlySpan<byte> frame, out PacketHeaders headers)
    {
        headers = default;
        bool found = LinkLayer.TryFindNetwork(linkType, frame, out var network, out int offset);
        headers.Network = network;
        headers.NetworkOffset = offset;
        if (!found)
            return headers.Stop(HeaderProblem.Unknown);

        switch (network)
        {
            case EtherType.Ipv4: return headers.ReadIpv4(frame);
            case EtherType.Ipv6: return headers.ReadIpv6(frame);
            case EtherType.Arp: return false;
            default: return headers.Stop(HeaderProblem.Unknown);
        }
    }

    private bool ReadIpv4(ReadOnlySpan<byte> frame)
    {
        var bytes = frame[NetworkOffset..];
        if (!Ipv4Header.TryRead(bytes, out var ip))
            return Stop(bytes.Length < Ipv4Header.MinLength ? HeaderProblem.Truncated : HeaderProblem.Malformed);
        Source = IpAddress.FromIPv4(ip.Source);
        Destination = IpAddress.FromIPv4(ip.Destination);
        Transport = ip.Protocol;
        HopLimit = ip.TimeToLive;
        MoreFragments = ip.MoreFragments;
        int headerLength = ip.HeaderLength;
        // A length of 0 is segmentation offload: the kernel handed over more than the field can say.
        int totalLength = ip.TotalLength == 0 ? bytes.Length : ip.TotalLength;
        if (headerLength < Ipv4Header.MinLength || totalLength < headerLength)
            return Stop(HeaderProblem.Malformed);
        if (headerLength > bytes.Length)
            return Stop(HeaderProblem.Truncated);
        if (ip.FragmentOffset > 0)
        {
            IsLaterFragment = true;
            return false;
        }

        return ReadTransport(frame, NetworkOffset + headerLength, totalLength - headerLength);
    }

    private bool ReadIpv6(ReadOnlySpan<byte> frame)
    {
        var bytes = frame[NetworkOffset..];
        if (!Ipv6Header.TryRead(bytes, out var ip))
            return Stop(bytes.Length < Ipv6Header.Length ? HeaderProblem.Truncated : HeaderProblem.Malformed);
        Source = IpAddress.FromBytes(ip.Source);
        Destination = IpAddress.FromBytes(ip.Destination);
        HopLimit = ip.HopLimit;
        Transport = ip.NextHeader;
        int length = ip.PayloadLength;
        int at = NetworkOffset + Ipv6Header.Length;
        bool jumbo = length == 0 && Transport == IpProtocol.HopByHop;
        if (jumbo)
            length = frame.Length - at;
        while (Ipv6Extension.IsExtension(Transport) && Transport != IpProtocol.Mobility)
        {
            if (!Ipv6Extension.TryRead(Transport, frame[at..], out var extension))
                return Stop(HeaderProblem.Truncated);
            int extensionLength = extension.Length;
            if (jumbo && extension.JumboLength is > 0 and <= int.MaxValue and var jumboLength)
                length = (int)jumboLength;
            if (extensionLength > length)
                return Stop(HeaderProblem.Malformed);
            if (extensionLength > frame.Length - at)
                return Stop(HeaderProblem.Truncated);
            if (Transport == IpProtocol.Fragment)
            {
                MoreFragments = extension.MoreFragments;
                IsLaterFragment = extension.FragmentOffset > 0;
            }

            Transport = extension.NextHeader;
            at += extensionLength;
            length -= extensionLength;
            jumbo = false;
            if (IsLaterFragment)
                return false;
        }

        return ReadTransport(frame, at, length);
    }

    private bool ReadTransport(ReadOnlySpan<byte> frame, int at, int length)
    {
        TransportOffset = at;
        var bytes = frame.Slice(at, Math.Min(length, frame.Length - at));
        if (Transport == IpProtocol.Tcp)
        {
            if (!TcpHeader.TryRead(bytes, out var tcp))
                return Stop(length < TcpHeader.MinLength ? HeaderProblem.Malformed : HeaderProblem.Truncated);
            SourcePort = tcp.SourcePort;
            DestinationPort = tcp.DestinationPort;
            SequenceNumber = tcp.SequenceNumber;
            AcknowledgmentNumber = tcp.AcknowledgmentNumber;
            TcpFlags = tcp.Flags;
            Window = tcp.Window;
            if (tcp.HeaderLength < TcpHeader.MinLength || tcp.HeaderLength > length)
                return Stop(HeaderProblem.Malformed);
            return SetPayload(at + tcp.HeaderLength, length - tcp.HeaderLength, frame.Length);
        }

        if (Transport != IpProtocol.Udp)
            return false;
        if (!UdpHeader.TryRead(bytes, out var udp))
            return Stop(length < UdpHeader.HeaderLength ? HeaderProblem.Malformed : HeaderProblem.Truncated);
        SourcePort = udp.SourcePort;
        DestinationPort = udp.DestinationPort;
        // A length of 0 is a jumbogram (RFC 2675 section 4); a larger one than IP's is a lie or a first fragment.
        int payload = length - UdpHeader.HeaderLength;
        if (udp.Length >= UdpHeader.HeaderLength)
            payload = Math.Min(payload, udp.Length - UdpHeader.HeaderLength);
        else if (udp.Length > 0)
            return Stop(HeaderProblem.Malformed);
        return SetPayload(at + UdpHeader.HeaderLength, payload, frame.Length);
    }

    private bool SetPayload(int offset, int length, int captured)
    {
        PayloadOffset = offset;
        PayloadLength = length;
        CapturedPayloadLength = Math.Clamp(captured - offset, 0, length);
        return true;
    }

    private bool Stop(HeaderProblem problem)
    {
        Problem = problem;
        return false;
    }
}
