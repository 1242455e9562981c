namespace NetLab.Core.Kernel;

/// <summary>The rows that a query asks for, without their owners: by sock_diag, else from /proc/net.</summary>
internal sealed class SocketDump : IDisposable
{
    private readonly SocketQuery _query;
    private SockDiag? _diag;

    internal SocketDump(SocketQuery query)
    {
        _query = query;
        _diag = SockDiag.Open(out int error);
        if (_diag is null)
            Degrade(error);
    }

    /// <summary>Why the rows tell less than they could; null when nothing is missing.</summary>
    internal Obstacle? Obstacle { get; private set; }

    /// <summary>Puts the sockets of this moment in the place of the rows.</summary>
    internal void Refresh(SocketRows rows)
    {
        rows.Clear();
        if (_diag is not null && _diag.Dump(_query, rows) is not 0 and var error)
        {
            _diag.Dispose();
            _diag = null;
            rows.Clear();
            Degrade(error);
        }

        if (_diag is null)
            ProcNet.Dump(_query, rows);
    }

    public void Dispose() => _diag?.Dispose();

    private void Degrade(int error) => Obstacle = KernelObstacle.From(
        "The socket table is read from /proc/net, without round-trip times and byte counts, because sock_diag was refused", error) with
    {
        Remedy = "sudo modprobe -a tcp_diag udp_diag",
    };
}
