# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The user macros of the template: whom to look at, and every threshold."""

from zabbix_parts import TITLES

# How often: who follows what the check looks at sees it change within this time.
INTERVALS = {"chain": "5m", "sigs": "15m", "ds": "15m", "nsec": "1h", "keys": "1h",
             "resolvers": "5m"}
NO_OPTION = "--output=json"  # stands in the key already, so it changes nothing


def _deadline(version):
    if version.is_six:
        return [
            ("{$DNSSEC.TIMEOUT}", "3", "Seconds in which a check must answer. Keep it a second below "
             "Timeout in the server's or proxy's configuration, which is 4 on Debian and 3 elsewhere; "
             "10 is better where that is 15."),
            ("{$DNSSEC.QUERY.TIMEOUT}", "1", "Seconds to wait for the answer to one question; 2 is "
             "better where there is time."),
        ]
    return [
        ("{$DNSSEC.ITEM.TIMEOUT}", "15s", "After this the server kills a check. Keep it above "
         "{$DNSSEC.TIMEOUT}."),
        ("{$DNSSEC.TIMEOUT}", "10", "Seconds in which a check must answer."),
        ("{$DNSSEC.QUERY.TIMEOUT}", "2", "Seconds to wait for the answer to one question."),
    ]


def _options():
    made = [("{$DNSSEC.OPTION}", NO_OPTION, "One more option for all checks, written --option=value, "
             "for example --forward=192.0.2.1. For more than one --extra-opts=SECTION@FILE names a "
             "section of an ini file on the server. The default changes nothing.")]
    made += [("{$DNSSEC.%s.OPTION}" % name.upper(), NO_OPTION,
              f"The same for check_dnssec_{name} alone"
              + (", for example --warning=5d:." if name == "sigs" else "."))
             for name in TITLES]
    return made


def limits():
    """Thresholds, as (macro, default, meaning)."""
    return [
        ("{$DNSSEC.TIER.EMERGENCY}", "4", "Tier from which a problem is a disaster. 5 turns these "
         "triggers off; with the check's name as context, {$DNSSEC.TIER.EMERGENCY:\"nsec\"}, those of "
         "one check. So for the other tiers."),
        ("{$DNSSEC.TIER.CRITICAL}", "3", "Tier from which a problem is high."),
        ("{$DNSSEC.TIER.WARNING}", "2", "Tier from which a problem is a warning."),
        ("{$DNSSEC.TIER.INFO}", "5", "Tier from which a problem is information. 1 opens one for what "
         "is only worth knowing and may be so for good; off unless you say so."),
        ("{$DNSSEC.RUNS.EMERGENCY}", "#1", "So many runs in a row must say it. The name of a check "
         "as context counts for that check alone."),
        ("{$DNSSEC.RUNS.CRITICAL}", "#2", "So many runs in a row must say it."),
        ("{$DNSSEC.RUNS.WARNING}", "#2", "So many runs in a row must say it."),
        ("{$DNSSEC.RUNS.INFO}", "#2", "So many runs in a row must say it."),
        ("{$DNSSEC.RUNS.UNKNOWN}", "#3", "So many runs in a row must have been unable to look."),
        ("{$DNSSEC.NODATA.TIME}", "3h", "No result for so long is a problem."),
        ('{$DNSSEC.NODATA.TIME:"chain"}', "30m", "The same for check_dnssec_chain."),
        ("{$DNSSEC.EXPIRY.WARN}", "6h", "Warn when a signature ends within this time, whatever the "
         "check's own thresholds are. Those follow the lifetime of the signatures."),
        ("{$DNSSEC.EXPIRY.CRIT}", "1h", "High when a signature ends within this time."),
        ("{$DNSSEC.SERVER.RUNS}", "#3", "So many runs in a row a server must fail or be slow."),
        ("{$DNSSEC.SERVER.RTT.MAX}", "1", "Seconds in which a nameserver must answer. Its name as "
         "context counts for that server alone."),
        ("{$DNSSEC.KEY.RSA.BITS.MIN}", "2048", "The least size of RSA keys."),
        ("{$DNSSEC.KEY.PERIOD}", "14d", "A key that is not used for so long, or has a DS and does "
         "not sign, is told as information. Keep it below half of what items keep in history."),
    ]


def macros(version):
    rows = [("{$DNSSEC.ZONE}", "", "The zone: set it on each host."),
            ("{$DNSSEC.EXPECT}", "secure", "What validation should find: secure, insecure, bogus or "
             "any."),
            ("{$DNSSEC.RESOLVER}", "9.9.9.9", "The resolver that check_dnssec_resolvers asks: "
             "ADDRESS[@PORT][#NAME]. Its item is disabled until you enable it.")]
    rows += _deadline(version) + _options()
    rows += [("{$DNSSEC.%s.INTERVAL}" % name.upper(), INTERVALS[name],
              f"How often check_dnssec_{name} runs.") for name in TITLES]
    return [{"macro": macro, "value": value, "description": words}
            for macro, value, words in rows + limits()]
