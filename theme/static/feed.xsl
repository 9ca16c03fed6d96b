<?xml version="1.0" encoding="utf-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:a="http://www.w3.org/2005/Atom" exclude-result-prefixes="a">
<!-- What a person sees who opens a feed in a browser. -->
<xsl:output method="html" encoding="utf-8" doctype-system="about:legacy-compat" indent="no"/>
<xsl:template match="/">
<html lang="{a:feed/@xml:lang | rss/channel/language}">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="robots" content="noindex"/>
<title><xsl:value-of select="a:feed/a:title | rss/channel/title"/></title>
<link rel="stylesheet" href="@@asset site.css@@"/>
</head>
<body>
<main id="main"><div class="document">
<header class="opening">
<p class="eyebrow">@@Feed@@</p>
<h1><xsl:value-of select="a:feed/a:title | rss/channel/title"/></h1>
<p class="dek">@@This is a feed: put its address into a reading program, and new texts come to you.@@</p>
<p class="meta"><a href="{a:feed/a:link[@rel='alternate']/@href | rss/channel/link}">@@To the site@@</a></p>
</header>
<ul class="listing"><xsl:apply-templates select="a:feed/a:entry | rss/channel/item"/></ul>
</div></main>
</body>
</html>
</xsl:template>
<xsl:template match="a:entry">
<li class="item"><p class="meta"><xsl:value-of select="substring(a:published, 1, 10)"/></p><h2><a href="{a:link[@rel='alternate']/@href}"><xsl:value-of select="a:title"/></a></h2><p class="dek"><xsl:value-of select="a:summary"/></p></li>
</xsl:template>
<xsl:template match="item">
<li class="item"><p class="meta"><xsl:value-of select="substring(pubDate, 1, 16)"/></p><h2><a href="{link}"><xsl:value-of select="title"/></a></h2><p class="dek"><xsl:value-of select="description"/></p></li>
</xsl:template>
</xsl:stylesheet>
