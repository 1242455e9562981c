namespace NetLab.Core;

/// <summary>(local ip, local port, remote ip, remote port): what names a connection, seen from one of its ends.</summary>
public readonly record struct FourTuple
{
    private readonly IpAddress _localAddress;
    private readonly IpAddress _remoteAddress;
    private readonly ushort _localPort;
    private readonly ushort _remotePort;

    /// <summary>Of this end and that.</summary>
    public FourTuple(Endpoint local, Endpoint remote)
    {
        (_localAddress, _localPort) = local;
        (_remoteAddress, _remotePort) = remote;
    }

    /// <summary>The end that speaks of itself.</summary>
    public Endpoint Local => new(_localAddress, _localPort);

    /// <summary>Its peer; unknown for a socket that listens.</summary>
    public Endpoint Remote => new(_remoteAddress, _remotePort);

    /// <summary>The same connection seen from the other end.</summary>
    public FourTuple Reversed => new(Remote, Local);

    /// <summary>Whether nothing of it is known.</summary>
    public bool IsUnknown => Local.IsUnknown && Remote.IsUnknown;

    /// <summary>Whether both ports are known: only then does it name a connection.</summary>
    public bool IsComplete => _localPort != 0 && _remotePort != 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Local} ⇄ {Remote}";
}
