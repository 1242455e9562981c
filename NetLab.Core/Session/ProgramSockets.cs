namespace NetLab.Core.Session;

/// <summary>
/// The addresses that traced programs' sockets have or had, by which packets and state changes are known to be theirs. A socket bound to no address in particular
/// takes what comes to its port.
/// </summary>
internal sealed class ProgramSockets
{
    // Endpoints of connections that are long over are of no use; so many are kept before all are forgotten.
    private const int Bound = 65_536;
    private readonly HashSet<Endpoint> _endpoints = [];
    private readonly HashSet<ushort> _anywhere = [];

    /// <summary>A socket of a traced program has this address.</summary>
    public void Add(in Endpoint local)
    {
        if (local.Port == 0)
            return;
        if (_endpoints.Count >= Bound)
            _endpoints.Clear();
        if (local.Address.IsUnspecified)
            _anywhere.Add(local.Port);
        else
            _endpoints.Add(local);
    }

    /// <summary>Whether one end is a traced program's.</summary>
    public bool Has(in FourTuple tuple) => Has(tuple.Local) || Has(tuple.Remote);

    private bool Has(in Endpoint endpoint) => endpoint.Port != 0 && (_endpoints.Contains(endpoint) || _anywhere.Contains(endpoint.Port));
}
