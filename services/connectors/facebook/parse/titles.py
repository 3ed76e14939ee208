"""Titles of Ads Manager's columns: documented ones, then the real ones in each language of the interface.

A tuple is in order of priority. Languages: English, Spanish, French, Portuguese, German, Italian.
``(*)`` stands for any currency, as in ``Amount spent (USD)``.
"""

from __future__ import annotations

DAY = ("Date", "Day", "Día", "Fecha", "Jour", "Dia", "Data", "Tag", "Datum", "Giorno")
STARTS = (
    *("Reporting starts", "Reporting start", "Inicio del informe", "Inicio de los informes"),
    *("Début des rapports", "Début du rapport", "Début de l'analyse"),
    *("Início dos relatórios", "Início do relatório"),
    *("Berichtsstart", "Beginn des Berichts", "Beginn der Berichterstattung"),
    *("Inizio dei report", "Inizio report", "Inizio del report"),
)
ENDS = (
    *("Reporting ends", "Reporting end", "Fin del informe", "Finalización del informe"),
    *("Finalización de los informes", "Fin de los informes"),
    *("Fin des rapports", "Fin du rapport", "Fin de l'analyse"),
    *("Término dos relatórios", "Encerramento dos relatórios", "Fim dos relatórios", "Fim do relatório"),
    *("Berichtsende", "Ende des Berichts", "Ende der Berichterstattung"),
    *("Fine dei report", "Fine report", "Fine del report"),
)
PERIODS = ("Month", "Mes", "Mois", "Mês", "Monat", "Mese", "Week", "Semana", "Semaine", "Woche", "Settimana")
"""Columns of a breakdown by longer periods: such a file is not daily."""

CAMPAIGN = (
    *("Campaign name", "Campaign", "Nombre de la campaña", "Nombre de campaña", "Nom de la campagne"),
    *("Nome da campanha", "Kampagnenname", "Name der Kampagne", "Nome della campagna", "Nome campagna"),
)
AD_SET = (
    *("Ad set name", "Ad set", "Adset name", "Nombre del conjunto de anuncios"),
    *("Nom de l'ensemble de publicités", "Nom de l'ensemble publicitaire", "Nome do conjunto de anúncios"),
    *("Anzeigengruppenname", "Name der Anzeigengruppe"),
    *("Nome del gruppo di inserzioni", "Nome gruppo di inserzioni"),
)
AD = (
    *("Ad name", "Ad", "Nombre del anuncio", "Nom de la publicité", "Nome do anúncio", "Anzeigenname"),
    *("Name der Anzeige", "Werbeanzeigenname", "Nome dell'inserzione", "Nome inserzione"),
)
IMPRESSIONS = ("Impressions", "Impresiones", "Impressões", "Impressionen", "Impression", "Impressioni")

CLICKS = {
    "clicks": ("Clicks", "Clics", "Cliques", "Klicks", "Clic"),
    "link clicks": (
        *("Link clicks", "Clics en el enlace", "Clics sur un lien", "Clics sur le lien", "Cliques no link"),
        *("Cliques na ligação", "Link-Klicks", "Linkklicks", "Clic sul link"),
    ),
    "all clicks": (
        *("Clicks (all)", "Clics (todos)", "Clics (tous)", "Clics (tout)", "Cliques (todos)"),
        *("Cliques (tudo)", "Klicks (alle)", "Clic (tutti)"),
    ),
}
"""What is counted as a click → its titles; the first that a file has is used."""

CONVERSIONS = {
    "conversions": ("Conversions", "Conversiones", "Conversões", "Conversioni", "Conversion"),
    "purchases": ("Purchases", "Compras", "Achats", "Käufe", "Acquisti"),
    "website purchases": (
        *("Website purchases", "Compras en el sitio web", "Achats sur le site web", "Compras no site"),
        *("Compras no website", "Website-Käufe", "Käufe auf der Website", "Acquisti sul sito web"),
    ),
    "results": ("Results", "Resultados", "Résultats", "Ergebnisse", "Risultati"),
}
"""What is counted as a conversion → its titles."""

REVENUE = (
    *("Revenue", "Conversion revenue", "Conversion value", "Purchases conversion value"),
    *("Purchase conversion value", "Website purchases conversion value"),
    *("Valor de conversión de compras", "Valor de conversión de las compras"),
    *("Valor de conversión de compras en el sitio web",),
    *("Valeur de conversion des achats", "Valeur de conversion de l'achat"),
    *("Valeur de conversion des achats sur le site web",),
    *(
        "Valor de conversão de compras",
        "Valor de conversão da compra",
        "Valor de conversão de compras no site",
    ),
    *("Conversion-Wert von Käufen", "Conversion-Wert für Käufe", "Conversionwert von Käufen"),
    *("Valore di conversione degli acquisti", "Valore di conversione dell'acquisto"),
)
SPENT = (
    *("Amount spent (*)", "Amount spent", "Importe gastado (*)", "Importe gastado"),
    *("Montant dépensé (*)", "Montant dépensé", "Valor usado (*)", "Valor usado", "Valor gasto (*)"),
    *("Montante gasto (*)", "Ausgegebener Betrag (*)", "Ausgegebener Betrag"),
    *("Importo speso (*)", "Importo speso", "Cost", "Spend"),
)
CURRENCY = ("Currency", "Divisa", "Moneda", "Devise", "Moeda", "Währung", "Valuta")
ACCOUNT = (
    *("Account ID", "Identificador de la cuenta", "Identifiant du compte", "ID da conta", "Konto-ID"),
    *("Account-ID", "ID account", "ID dell'account"),
)
IDS = {
    "campaign_id": ("Campaign ID", "Identificador de la campaña", "ID de campagne", "ID da campanha"),
    "ad_set_id": ("Ad set ID", "Identificador del conjunto de anuncios", "ID do conjunto de anúncios"),
    "ad_id": ("Ad ID", "Identificador del anuncio", "ID de la publicité", "ID do anúncio"),
}
KNOWN = (
    *("Reach", "Alcance", "Couverture", "Reichweite", "Copertura"),
    *("Frequency", "Frecuencia", "Répétition", "Frequência", "Frequenz", "Frequenza"),
    *("Result type", "Result indicator", "Indicador de resultado", "Indicateur de résultats"),
    *("Tipo de resultado", "Type de résultat", "Ergebnis-Typ", "Attribution setting"),
    *("Configuración de atribución", "Paramètre d'attribution", "Configuração de atribuição"),
    *("Attributionseinstellung", "Impostazione di attribuzione"),
    *("Account name", "Nombre de la cuenta", "Nom du compte", "Nome da conta", "Kontoname", "Nome account"),
    *("Region", "Región", "Région", "Região", "Regione", "Country", "Age", "Gender", "Platform", "Placement"),
    *("Device platform", "Impression device", "Delivery", "Campaign delivery", "Ad delivery"),
    *("CTR (all)", "CTR (link click-through rate)", "CPC (all) (*)", "CPC (cost per link click) (*)"),
    *("CPM (cost per 1,000 impressions) (*)", "Cost per result", "Cost per results", "Cost per result (*)"),
)
"""Known and not used: breakdowns, ratios, reach (people do not add up)."""


def spelt(titles: tuple[str, ...]) -> tuple[str, ...]:
    """The same with the other apostrophe, which some exports have."""
    other = tuple(title.replace("'", "’") for title in titles if "'" in title)
    return (*titles, *other)
